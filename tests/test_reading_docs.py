"""The page about reading: its code runs, and its limits are the defaults."""

import re
from pathlib import Path

from rosterdiff.config import ReadOptions
from rosterdiff.refusals import Refusal

PAGE = (Path(__file__).parent.parent / "docs" / "reading.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs() -> None:
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL):
        exec(block, {})


def test_the_limits_of_the_page_are_the_defaults_and_its_codes_exist() -> None:
    options = ReadOptions()
    told = re.findall(r"^\| `(max_\w+)` \| ([\d,]+).*? \| `(\w+)` \|$", PAGE, flags=re.MULTILINE)
    assert {name for name, _, _ in told} == {name for name in dir(options) if name.startswith("max_")}
    for name, number, code in told:
        assert getattr(options, name) == int(number.replace(",", "")), name
        assert code in set(Refusal)
