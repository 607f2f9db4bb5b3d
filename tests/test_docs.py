"""The docs say what the code does: tables that repeat the code are held to it, and every link leads somewhere."""

import re
from pathlib import Path

import click
import pytest

from rosterdiff.cli.app import app
from rosterdiff.cli.migrating_steps import STEPS
from rosterdiff.config import Evidence, Guards, Policy
from rosterdiff.matching.model import MILLIBITS, TABLES, shipped_model
from rosterdiff.migration import Kept, State
from rosterdiff.migration.states import possible_steps
from rosterdiff.model import GuardCode, Reason
from rosterdiff.planning.evidence import SIMILAR_ACCEPT, SIMILAR_MARGIN
from rosterdiff.roles import PERMITTED, Role, Step
from tests.test_layers import HOMES, LAYERS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def rows_of(page: str) -> list[list[str]]:
    """The cells of every line of every table."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text_of(page).splitlines()
        if line.startswith("|")
    ]


def words_of(cell: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", cell.replace("```", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links within the repository; a heading that is linked is there too."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, heading = target.partition("#")
        found = (page.parent / path) if path else page
        assert found.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, target


def test_the_table_of_the_model_is_the_shipped_model() -> None:
    """Where it fails, the expected lines are those to be put into the page."""
    model = shipped_model()
    expected = []
    for table, levels in TABLES.items():
        for level in (level for level in levels if level != "missing"):
            m, u = model.chances[table][str(level)]
            bits = round(model.weight(table, level) / MILLIBITS, 1) + 0.0
            expected.append([f"`{table}`", f"`{level}`", f"{m:.5g}", f"{u:.5f}", f"{bits:+.1f}"])
    assert [row for row in rows_of("matching.md") if len(row) == 5 and row[0].startswith("`")] == expected


def test_the_page_of_the_policy_names_every_reason_and_guard() -> None:
    named = set(words_of(text_of("policy.md").replace(" · ", "` `")))
    assert {str(member) for closed in (Reason, GuardCode) for member in closed} <= named


def test_the_numbers_of_the_guards_are_the_defaults() -> None:
    limits = Guards()
    told = {
        row[1].strip("`"): row[2] for row in rows_of("policy.md") if len(row) == 4 and hasattr(limits, row[1][1:-1])
    }
    assert set(told) == {
        "found",
        "deletions",
        "class_deletions",
        "advanced",
        "shifted",
        "additions",
        "updates",
        "reviews",
    }
    assert {name: float(re.findall(r"\d+(?:\.\d+)?", cell)[0]) for name, cell in told.items()} == {
        name: getattr(limits, name) for name in told
    }


def test_the_code_of_the_policy_page_runs() -> None:
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", text_of("policy.md"), flags=re.MULTILINE | re.DOTALL):
        exec(compile(block, "docs/policy.md", "exec"), names)
    assert names["policy"] == Policy(evidence={"Postcode": "exact", "Guardian": "fuzzy"})


def test_the_page_of_the_policy_says_its_numbers_and_every_kind_of_evidence() -> None:
    page, policy = text_of("policy.md"), Policy()
    for name in ("accept", "margin", "review"):
        assert f"`{name}` ({getattr(policy, name)}" in page, name
    assert f"at least {SIMILAR_ACCEPT} (or `accept`) and the margin at least {SIMILAR_MARGIN:.0f} bits" in page
    kinds = [row[0].strip("`") for row in rows_of("policy.md") if len(row) == 3 and row[0].strip("`") in set(Evidence)]
    assert kinds == list(Evidence)


def test_every_module_of_matching_is_on_the_page_of_the_architecture() -> None:
    modules = {path.stem for path in (ROOT / "src" / "rosterdiff" / "matching").glob("*.py")} - {"__init__"}
    assert modules - TUNING <= set(words_of(text_of("architecture.md")))


TUNING = {"duplicates", "fitting", "labels", "match", "model_file", "namesakes", "preflight"}
"""Modules that stand beside the stages of a plan: docs/tuning.md has them."""


def test_every_command_and_option_is_on_the_page_of_the_command_line() -> None:
    page = text_of("cli.md")
    for name, command in app.commands.items():
        assert re.search(rf"^\| `{name}\b", page, flags=re.MULTILINE), name
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert any(f"{spelling} " in page or f"{spelling}`" in page for spelling in option.opts), option.opts


def test_the_layers_and_homes_are_those_of_the_test() -> None:
    told = {
        module: float(row[0])
        for row in rows_of("architecture.md")
        if re.fullmatch(r"[\d.]+", row[0])
        for module in words_of(row[1])
    }
    built = {
        module: layer for module, layer in LAYERS.items() if list((ROOT / "src" / "rosterdiff").glob(f"{module}*"))
    }
    assert told == built
    homes = {
        library: set(words_of(row[1]))
        for row in rows_of("architecture.md")
        for library in re.split(", | and ", row[0].replace("-", "_"))
        if library in HOMES
    }
    assert homes == HOMES


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_matrix_of_roles_is_the_table_of_the_code() -> None:
    told = [[word.strip("`") for word in row] for row in rows_of("migration.md") if row[1:] and row[1] in {"yes", "no"}]
    built = [
        [str(step), *("yes" if role in PERMITTED[step] else "no" for role in (Role.ADMINISTRATOR, Role.STAFF))]
        for step in Step
    ]
    assert told == built


def test_the_table_of_states_is_the_table_of_the_code() -> None:
    told = {
        row[0].strip("`"): words_of(row[1])
        for row in rows_of("migration.md")
        if len(row) == 2 and row[0].strip("`") in set(State)
    }
    assert told == {str(state): [str(step) for step in possible_steps(state)] for state in State}


def test_the_kinds_of_a_purge_are_those_of_the_code() -> None:
    kinds = [row[0].strip("`") for row in rows_of("migration.md") if len(row) == 3 and row[0].strip("`") in set(Kept)]
    assert kinds == list(Kept)


def test_every_step_of_a_migration_and_its_options_are_on_the_page_of_the_command_line() -> None:
    page = text_of("cli.md")
    for name, command in STEPS.items():
        assert re.search(rf"^\| `migration {name}\b", page, flags=re.MULTILINE), name
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert any(re.search(rf"{spelling}[ `\\]", page) for spelling in option.opts), (name, option.opts)


def test_the_code_of_the_migration_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", text_of("migration.md"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(compile(block, "docs/migration.md", "exec"), names)
