"""`planning.strangers`: fields that hardly ever differ, and two of which do, are another child's. Invented names."""

from itertools import product

import pytest

from rosterdiff import Plan, make_plan
from rosterdiff.testing import a_roster
from rosterdiff.testing.builders import Value
from tests.school_year import Record, of_row, of_student

GIVEN = ("Ilva", "Maro", "Odette", "Perrin", "Sunniva", "Tobiah", "Wenzel", "Yorick", "Zenobia", "Ansgar", "Benedikt",
         "Cosmo", "Delphine", "Eberhard", "Finella", "Gudrun", "Hartwig", "Isolde", "Jorunn", "Kasimir")  # fmt: skip
FAMILY = ("Torenbek", "Quillfeather", "Zandvoord", "Brimblecomb", "Hazelgrove", "Oxenstone", "Lindqvarn", "Ravnkilde",
          "Umberslade", "Prendergast", "Abernethie", "Cockshutt", "Dinsdale", "Eglinton", "Featherstone", "Gathercole",
          "Inglethorpe", "Jellicombe", "Kirkbride", "Lillywhite", "Micklethwait", "Netherwood")  # fmt: skip
LEAVER: Record = {"student_id": "s1", "given_name": "Marazan", "family_name": "Tregenza", "grade": "03",
                  "birth_date": "2018-03-03", "student_number": "40511"}  # fmt: skip


def plan_of(newcomer: Record, *, others: int = 420, renumbered: int = 0, dates: bool = True) -> Plan:
    """A school whose leaver has a newcomer who resembles him; so many of the others have new numbers."""
    base: list[Record] = [LEAVER]
    namesake = {name: LEAVER[name] for name in ("given_name", "family_name")}
    rows: list[Record] = [{**namesake, "grade": "04", **newcomer}]
    for at, (given, family) in enumerate(list(product(GIVEN, FAMILY))[:others]):
        born = f"2018-{at % 12 + 1:02}-{at % 28 + 1:02}"
        one: Record = {"given_name": given, "family_name": family, "birth_date": born, "grade": "03",
                       "student_number": f"{50_000 + 37 * at}"}  # fmt: skip
        base.append({**one, "student_id": f"o{at}"})
        rows.append({**one, "grade": "04"} | ({"student_number": f"{91_000 + 53 * at}"} if at < renumbered else {}))
    lists: list[list[Record]] = [base, rows]
    if not dates:
        lists = [[{**one, "birth_date": None} for one in some] for some in lists]
    known, came = (a_roster(*some) for some in lists)
    return make_plan(known, came)


OTHER_NUMBER: Record = {"student_number": "77203"}
APART: dict[str, tuple[Record, bool]] = {
    "another number and another birth date": ({**OTHER_NUMBER, "birth_date": "2017-11-20"}, True),
    "another number and a date a digit off": ({**OTHER_NUMBER, "birth_date": "2018-03-08"}, True),
    "another number, a similar name": ({**OTHER_NUMBER, "given_name": "Marazam"}, False),
    "another number, a grade three years on": ({**OTHER_NUMBER, "grade": "07"}, False),
    "a grade three years on, another birth date": ({"grade": "07", "birth_date": "2018-09-20"}, True),
}
IN_DOUBT: dict[str, tuple[Record, bool]] = {
    "another number alone": (OTHER_NUMBER, False),
    "another birth date alone": ({"birth_date": "2018-03-28"}, True),
    "a twin with a number of his own": ({**OTHER_NUMBER, "given_name": "Piran", "birth_date": "2018-03-03"}, True),
    "a twin of another grade": (
        {**OTHER_NUMBER, "given_name": "Piran", "birth_date": "2018-03-03", "grade": "07"},
        True,
    ),
    "the leaver's number, another date": ({"student_number": "40511", "birth_date": "2017-11-20", "grade": "07"}, True),
}


@pytest.mark.parametrize(("newcomer", "dates"), APART.values(), ids=APART)
def test_who_differs_in_two_fields_that_the_lists_keep_is_another_child(newcomer: Record, *, dates: bool) -> None:
    plan = plan_of(newcomer, dates=dates)
    assert of_row(plan, 0) == ("add", "no_similar_student", None)
    assert of_student(plan, "s1")[:2] == ("delete", "not_listed")


@pytest.mark.parametrize(("newcomer", "dates"), IN_DOUBT.values(), ids=IN_DOUBT)
def test_one_field_that_differs_may_be_a_mistake(newcomer: Record, *, dates: bool) -> None:
    plan = plan_of(newcomer, dates=dates)
    assert of_row(plan, 0)[0] == of_student(plan, "s1")[0] == "review"


@pytest.mark.parametrize(("others", "renumbered"), [(420, 9), (100, 0)], ids=["new numbers", "too few to show a habit"])
def test_numbers_that_change_or_lists_that_show_no_habit_say_nothing(others: int, renumbered: int) -> None:
    plan = plan_of({**OTHER_NUMBER, "birth_date": "2018-03-08"}, others=others, renumbered=renumbered)
    assert of_row(plan, 0)[0] == of_student(plan, "s1")[0] == "review"


def test_a_number_without_its_zeros_is_the_number_and_one_that_two_may_mean_is_not() -> None:
    """A spreadsheet drops leading zeros; 0040511 and 40511 can still be two students."""

    def planned(*numbers: Value) -> str:
        known = [{**LEAVER, "student_number": numbers[0]}]
        known += [{**LEAVER, "student_id": "s2", "given_name": "Piran", "student_number": each} for each in numbers[1:]]
        listed = {**LEAVER, "student_id": None, "grade": "04", "birth_date": "2018-03-08", "student_number": "40511"}
        return of_row(make_plan(a_roster(*known), a_roster(listed)), 0)[0]

    assert planned("0040511") == "update"
    assert planned("0040511", "40511") == planned("0040511", "040511") == "review"
