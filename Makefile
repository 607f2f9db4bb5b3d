# One virtual environment, made by the first target that needs it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint soak bench clean

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

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet -e ".[all]" --group test
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis demo-school
