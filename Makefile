# One virtual environment, made by the first target that needs it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/.peers
BROWSER := $(VENV)/.browser
RESULTS ?= results

.PHONY: demo test lint soak browser
.PHONY: bench bench-accuracy bench-speed bench-rosters bench-reading bench-stores bench-tune bench-report clean

demo: $(STAMP)
	$(BIN)/rosterdiff demo

test: lint
	$(BIN)/python -m pytest -n auto -m "not soak"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

soak: $(STAMP)
	$(BIN)/python -m pytest -n auto -m soak

bench: $(STAMP)
	$(BIN)/python -m benchmarks imports --into docs/figures.md
	$(BIN)/python -m benchmarks speed --into docs/figures.md
	$(BIN)/python -m benchmarks accuracy --into docs/figures.md

bench-accuracy: $(PEERS)
	$(BIN)/python -m benchmarks accuracy --save $(RESULTS)

bench-speed: $(PEERS)
	$(BIN)/python -m benchmarks speed --save $(RESULTS)

bench-rosters: $(PEERS)
	$(BIN)/python -m benchmarks rosters --save $(RESULTS)

bench-reading: $(STAMP)
	$(BIN)/python -m benchmarks reading --into docs/figures.md

bench-stores: $(STAMP)
	$(BIN)/python -m benchmarks stores --into docs/figures.md

bench-tune: $(STAMP)
	$(BIN)/python -m benchmarks tune --into docs/figures.md

bench-report: $(PEERS)
	$(BIN)/python -m benchmarks report --results $(RESULTS) --page $(RESULTS)/report.html

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet -e ".[all]" --group test
	@touch $@

$(PEERS): $(STAMP)
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

# What drives a Chromium that is installed already; with it `make test` tests the review page as people see it.
browser: $(BROWSER)

$(BROWSER): $(STAMP)
	$(BIN)/python -m pip install --quiet --group browser
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis demo-school
