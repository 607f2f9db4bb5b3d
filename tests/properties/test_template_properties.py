"""Whatever a base holds, its template sent back is the base again, and is never told of columns sorted apart."""

from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosterdiff.frames import Roster
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template
from rosterdiff.schema import GRADES, PROVENANCE

NASTY = (
    "007", "0", "1.0", "1E5", "1e5", "1.23E+09", "12345678901234567890", "0.10", "1,234", "50%", "$5", "1/2", "May",
    "2016-01-02", "01/02/2016", "TRUE", "false", "NULL", "None", "nan", "#N/A", "#REF!", "n/a", "-", "--", ".",
    "=1+1", "+61 400", "-12", "@x", "'=1", "''+", "'", "''", "'n Boom", "O'Dea", "＝1", "=HYPERLINK(\"x\")",
    "_x000D_", "_x0041_b", "_x005F_x000D_", "a\nb", "a\r\nb", "a\rb", "a,b;c\td|e", 'q"u', '"', "<b>&amp;", "  ",
    "😀 x", "👩\u200d👧", "עדי כהן", "ابن", "欧阳", "e\u0301", "a\u00a0b", "x\u200by", "\u202eabc", "Ada  Bell",
)  # fmt: skip

texts = st.sampled_from(NASTY) | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=12
)
values = st.none() | texts.filter(lambda text: text.strip().casefold() != "<clear>")
dates = st.none() | st.dates().map(str)
FIELDS = (
    "student_number", "username", "email", "given_name", "middle_name", "family_name", "name_suffix",
    "preferred_given_name", "preferred_family_name", "gender", "class_name", "school", "Bus", "=Other, “header”",
)  # fmt: skip
rows = st.fixed_dictionaries(
    {**dict.fromkeys(FIELDS, values), "birth_date": dates, "grade": st.none() | st.sampled_from(GRADES)}
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(rows, min_size=1, max_size=8),
    ids=st.lists(texts.filter(lambda text: text.strip()), min_size=8, max_size=8, unique_by=str.strip),
    suffix=st.sampled_from(["xlsx", "csv"]),
)
def test_a_template_sent_back_unedited_is_the_base_whatever_it_holds(
    tmp_path: Path, rows: list[dict[str, str | None]], ids: list[str], suffix: str
) -> None:
    schema = dict.fromkeys(("student_id", *rows[0]), pl.String)
    records = [{"student_id": student_id, **row} for student_id, row in zip(ids, rows, strict=False)]
    base = Roster.from_frame(pl.DataFrame(records, schema=schema))
    write_template(base, tmp_path / f"t.{suffix}")
    again = read_roster(tmp_path / f"t.{suffix}")
    assert again.frame.drop(PROVENANCE).rows(named=True) == base.frame.drop(PROVENANCE).rows(named=True)
    assert not again.issues["code"].str.starts_with("template_").any()
