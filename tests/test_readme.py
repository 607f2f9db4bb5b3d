"""The README does what it says: its code runs in order, its commands too, and what it quotes is what is printed."""

import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from rosterdiff.cli import run
from rosterdiff.demo.school import make_school
from rosterdiff.demo.sheets import write_sheets
from rosterdiff.demo.story import AS_OF
from rosterdiff.reports.text import print_plan

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

HEX = re.compile(r"\b[0-9a-f]{12}\b")
RECEIPT = re.compile(r"\b[0-9a-f]{12}-\d+\b")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def run_python(folder: Path) -> None:
    names: dict[str, object] = {}
    for number, block in enumerate(blocks("python")):
        exec(compile(block, f"README.md, python block {number}", "exec"), names)
    assert {path.name for path in folder.iterdir()} >= {"school.db", "4B.csv"}


def test_the_python_code_runs_in_order_and_its_assertions_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(blocks("python")) == 2
    run_python(tmp_path)
    assert "differ by one letter" in capsys.readouterr().out


def answer_the_yellow_cell(path: Path, answer: str) -> None:
    book = load_workbook(path)
    sheet = book["Review"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "Your answer" for cell in row))
    columns = {cell.value: place for place, cell in enumerate(header, 1)}
    keys = (sheet.cell(place, columns["rosterdiff key"]) for place in range(header[0].row + 1, sheet.max_row + 1))
    questions = [cell.row for cell in keys if str(cell.value).startswith("row-")]
    assert len(questions) == 1
    sheet.cell(questions[0], columns["Your answer"]).value = answer
    book.save(path)


def test_the_commands_run_in_order_and_print_what_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every quoted line is printed, apart from the numbers of receipts, and exit codes are as said."""
    monkeypatch.chdir(tmp_path)
    run_python(tmp_path)
    capsys.readouterr()
    (block,) = blocks("console")
    steps = [step.splitlines() for step in block.split("$ ")[1:]]
    receipt = ""
    for command, *told in steps:
        words = [receipt if RECEIPT.fullmatch(word) else word for word in shlex.split(command)]
        assert words[0] == "rosterdiff"
        code = run(words[1:])
        printed = capsys.readouterr().out
        receipt = next(iter(RECEIPT.findall(printed)), receipt)
        said = [line for line in told if line.startswith("# ")]
        expected = int(said[0].removeprefix("# exit code ")[0]) if said else 0
        assert code == expected, command
        lines = {HEX.sub("*", line.rstrip()) for line in printed.splitlines()}
        assert {HEX.sub("*", line) for line in told} - set(said) <= lines, command
        if "review.xlsx" in words and "plan" in words:
            answer_the_yellow_cell(tmp_path / "review.xlsx", re.findall(r'answer "(.+?)"', said[0])[0])


def test_the_quoted_plan_is_what_the_demo_prints(tmp_path: Path) -> None:
    """Where this fails because plans became better, run `make demo` and copy the lines of `rosterdiff show` anew."""
    from rosterdiff.config import ReadOptions
    from rosterdiff.frames import Context
    from rosterdiff.pipeline import make_plan
    from rosterdiff.reading import read_roster
    from rosterdiff.uploads import compile_uploads

    sheets = write_sheets(make_school(), tmp_path)
    base = read_roster(sheets.base, options=ReadOptions(base=True, as_of=AS_OF))
    incoming = compile_uploads([read_roster(path, options=ReadOptions(as_of=AS_OF)) for path in sheets.uploads])
    printed = StringIO()
    console = Console(file=printed, width=160, highlight=False)
    print_plan(make_plan(base, incoming, context=Context(as_of=AS_OF)), console)
    lines = {line.rstrip() for line in printed.getvalue().splitlines()}
    (quoted,) = blocks("text")
    assert set(quoted.splitlines()) - {"…"} <= lines


def test_the_readme_stays_readable_in_ten_minutes() -> None:
    assert len(README.splitlines()) <= 190
