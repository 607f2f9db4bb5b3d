"""The page about columns and values says what the code does, and its code runs."""

import re
from pathlib import Path

from rosterdiff.frames import Roster
from rosterdiff.known import CONFIDENCE

PAGE = (Path(__file__).parent.parent / "docs" / "reading-columns.md").read_text(encoding="utf-8")


def test_the_table_of_confidence_is_the_codes() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d\.\d+) \|", PAGE, flags=re.MULTILINE)
    assert {name: float(value) for name, value in rows} == {known.value: value for known, value in CONFIDENCE.items()}
    assert [float(value) for _, value in rows] == sorted((float(value) for _, value in rows), reverse=True)


def test_the_code_of_the_page_runs_and_gives_what_it_says() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    roster, fixed = names["roster"], names["fixed"]
    assert isinstance(roster, Roster)
    assert isinstance(fixed, Roster)
    found = " ".join(repr(roster.places.select("header", "field", "known_by").rows()).split())
    assert found == " ".join(re.sub(r"^# ?", "", code.split("# ", 1)[1].split("fixed")[0], flags=re.MULTILINE).split())
    assert fixed.places.filter(field="family_name")["known_by"].to_list() == ["explicit"]
