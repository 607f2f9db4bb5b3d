"""The code of docs/tuning.md runs, from the first block to the last, and prints what the page says that it prints."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "tuning.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_the_code_blocks_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each goes on with the names of those before it; assertions hold, and what stands beside `print` is printed."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    assert len(BLOCKS) == 5
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"{PAGE.name}, block {number}", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    said = re.findall(r"# (<.*>)$", "\n".join(BLOCKS), flags=re.MULTILINE)
    assert len(said) == 3
    assert set(said) <= set(printed)
