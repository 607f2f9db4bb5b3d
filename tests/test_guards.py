"""What looks like an accident is held, and what does not is not: every guard at its limit. All names invented."""

import re
from datetime import date

import polars as pl
import pytest

from rosterdiff.config import Guards, Mode, Policy
from rosterdiff.frames import Context, Roster
from rosterdiff.model import Action, Decision, GuardCode, Reason
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import resolve
from rosterdiff.planning.guards import Weighed, check_guards
from rosterdiff.schema import CHANGES, ENTRIES, conform, empty
from rosterdiff.testing.builders import a_roster
from tests.school_year import advanced, guard, ordinary, plan_year, row, student

BORN = "2018-03-03"


def school(
    kinds: str, *, grade: str = "03", after: str = "04", classes: int = 100
) -> tuple[pl.DataFrame, Roster, Roster]:
    """Entries, base and incoming of a made-up plan.

    Each letter is an entry: k(eep), u(pdate), a(dd), d(elete), o(pen row), h(eld student), m(issing class). Students
    are put `classes` to a class; one student of the leaving grade 13 stands besides, who is kept.
    """
    lines, students, rows = [], [], []
    meanings = {
        "k": ("keep", "unchanged"), "u": ("update", "fields_changed"), "a": ("add", "no_similar_student"),
        "d": ("delete", "not_listed"), "o": ("review", "name_differs"), "h": ("review", "name_differs"),
        "m": ("review", "class_not_covered"),
    }  # fmt: skip
    for kind in kinds:
        student_id = f"s{len(students)}" if kind in "kudhm" else None
        number = len(rows) if kind in "kuao" else None
        if student_id:
            students.append({"student_id": student_id, "given_name": "Ada", "grade": grade,
                             "class_name": f"class {len(students) // classes}"})  # fmt: skip
        if number is not None:
            rows.append({"given_name": "Ada", "grade": after})
        action, reason = meanings[kind]
        lines.append({"action": action, "reason": reason, "student_id": student_id, "row": number,
                      "group": 0 if action == "review" else None})  # fmt: skip
    students.append({"student_id": "eldest", "given_name": "Ada", "grade": "13", "class_name": "eldest"})
    lines.append({"action": "keep", "reason": "protected", "student_id": "eldest", "row": None, "group": None})
    entries = pl.DataFrame(lines, schema={name: ENTRIES[name] for name in lines[0]}).with_row_index("entry")
    base = a_roster(*students)
    placed = conform(entries, ENTRIES).join(base.frame.select("student_id", student="row"), on="student_id", how="left")
    return placed, base, a_roster(*rows)


def held(
    code: GuardCode, kinds: str, *, mode: Mode = Mode.MIGRATION, context: Context | None = None,
    limits: Guards | None = None, **more: str | int,
) -> bool:  # fmt: skip
    entries, base, incoming = school(kinds, **more)  # type: ignore[arg-type]
    policy = Policy(mode=mode, guards=limits or Guards(found=0, advanced=0), leaving_grades={"13"})
    results = check_guards(Weighed(entries, empty(CHANGES), base, incoming, policy, context or Context()))
    assert results["code"].cast(pl.String).to_list() == [code.value for code in GuardCode]
    return bool(results.filter(pl.col("code") == code.value)["held"].item())


def test_an_ordinary_year_is_not_held() -> None:
    assert plan_year().held_by == ()


def test_too_few_found_holds_below_half_of_the_base() -> None:
    limits = Guards(found=0.5, advanced=0)
    assert held(GuardCode.TOO_FEW_FOUND, "k" * 14 + "d" * 16, limits=limits)
    assert not held(GuardCode.TOO_FEW_FOUND, "k" * 16 + "d" * 15, limits=limits)


def test_students_in_doubt_count_as_found_and_those_of_a_missing_class_do_not() -> None:
    limits = Guards(found=0.5, advanced=0)
    assert not held(GuardCode.TOO_FEW_FOUND, "h" * 20 + "d" * 10, limits=limits)
    assert held(GuardCode.TOO_FEW_FOUND, "m" * 20 + "k" * 10, limits=limits)


def test_a_bulk_upload_may_find_few() -> None:
    assert not held(GuardCode.TOO_FEW_FOUND, "k" * 2 + "u" * 28, mode=Mode.BULK)


def test_deletions_hold_above_their_share_of_those_who_stay() -> None:
    assert not held(GuardCode.TOO_MANY_DELETIONS, "d" * 4 + "k" * 36)
    assert held(GuardCode.TOO_MANY_DELETIONS, "d" * 5 + "k" * 36)


def test_the_leaving_grade_is_expected_to_leave() -> None:
    plan = plan_year()
    assert plan.counts["delete"] == 10
    assert guard(plan, "too_many_deletions")["value"] == 0


def test_half_a_class_never_leaves_by_itself() -> None:
    """Of a hundred students six are few, but not where they are a class."""
    assert held(GuardCode.TOO_MANY_DELETIONS, "d" * 6 + "k" * 94, classes=10)
    assert not held(GuardCode.TOO_MANY_DELETIONS, "d" * 5 + "k" * 95, classes=10)
    assert not held(GuardCode.TOO_MANY_DELETIONS, "d" * 4 + "k" * 96, classes=5)


def test_last_years_lists_are_held() -> None:
    """Nobody advances: the grades are those of the base."""
    same = [{**known, "student_id": None} for known in ordinary()]
    plan = make_plan(a_roster(*ordinary()), a_roster(*same, row("Lowen", "Tangye", BORN)))
    assert "not_advanced" in plan.held_by


def test_lists_that_would_write_nothing_are_not_held_for_their_grades() -> None:
    plan = make_plan(a_roster(*ordinary()), a_roster(*ordinary()))
    assert plan.counts["keep"] == 30
    assert plan.held_by == ()


def test_half_of_the_matched_must_advance() -> None:
    limits = Guards(found=0, advanced=0.5)
    assert not held(GuardCode.NOT_ADVANCED, "k" * 29 + "u", limits=limits)
    assert held(GuardCode.NOT_ADVANCED, "k" * 29 + "u", limits=limits, after="03")
    assert not held(GuardCode.NOT_ADVANCED, "k" * 30, limits=limits, after="03")
    assert not held(GuardCode.NOT_ADVANCED, "k" * 29 + "u", limits=limits, after="03", mode=Mode.BULK)


@pytest.mark.parametrize(
    ("code", "at_limit", "beyond", "limits"),
    [
        (GuardCode.TOO_MANY_ADDITIONS, "k" * 20 + "a" * 20, "k" * 20 + "a" * 21, {"additions": 0.5}),
        (GuardCode.TOO_MANY_UPDATES, "k" * 30 + "u" * 9, "k" * 29 + "u" * 10, {"updates": 0.225}),
        (GuardCode.TOO_MANY_REVIEWS, "k" * 28 + "o" * 12, "k" * 28 + "o" * 13, {"reviews": 0.3}),
    ],
)
def test_a_share_holds_above_its_limit_and_not_at_it(
    code: GuardCode, at_limit: str, beyond: str, limits: dict[str, float]
) -> None:
    made = Guards(found=0, advanced=0, **limits)  # type: ignore[arg-type]
    assert not held(code, at_limit, limits=made)
    assert held(code, beyond, limits=made)


def test_shares_mean_nothing_in_a_small_school() -> None:
    for code in (GuardCode.TOO_MANY_DELETIONS, GuardCode.TOO_MANY_ADDITIONS, GuardCode.TOO_MANY_REVIEWS):
        assert not held(code, "dddaaaooo")


def test_seats_count_students_after_the_plan() -> None:
    assert not held(GuardCode.TOO_MANY_SEATS, "k" * 9 + "a" * 3 + "d", context=Context(seats=13))
    assert held(GuardCode.TOO_MANY_SEATS, "k" * 9 + "a" * 3 + "d", context=Context(seats=12))
    assert not held(GuardCode.TOO_MANY_SEATS, "a" * 50)


def test_open_rows_may_all_need_a_seat() -> None:
    """Else review could add students beyond the seats after the guard was looked at."""
    assert held(GuardCode.TOO_MANY_SEATS, "k" * 9 + "o" * 3, context=Context(seats=12))
    assert not held(GuardCode.TOO_MANY_SEATS, "k" * 9 + "o" * 3, context=Context(seats=13))


@pytest.mark.parametrize(("verdict", "student_id", "holds"), [("same", "s1", False), ("new", None, True)])
def test_seats_are_counted_again_when_review_is_done(verdict: str, student_id: str | None, holds: bool) -> None:
    known = student("s1", "Marazan", "Tregenza", BORN)
    plan = plan_year([known], [row("Marazann", "Tregenza", BORN)],
                     policy=Policy(protected={"s1"}), context=Context(seats=21))  # fmt: skip
    assert "too_many_seats" in plan.held_by
    final = resolve(plan, [Decision(0, student_id, verdict=verdict)])
    assert ("too_many_seats" in final.held_by) is holds
    assert guard(final, "too_many_seats")["limit"] == 21


OPEN, CLOSE = date(2027, 1, 10), date(2027, 2, 10)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2027, 1, 9), True), (OPEN, False), (CLOSE, False), (date(2027, 2, 11), True), (None, False)],
)
def test_a_migration_is_held_outside_its_window(day: date | None, holds: bool) -> None:
    context = Context(as_of=day, window=(OPEN, CLOSE))
    assert held(GuardCode.WINDOW_CLOSED, "k", context=context) is holds
    assert not held(GuardCode.WINDOW_CLOSED, "k", context=context, mode=Mode.BULK)


def test_a_held_plan_is_held_whole() -> None:
    plan = make_plan(a_roster(*ordinary()), a_roster(row("Lowen", "Tangye", BORN)))
    assert "too_few_found" in plan.held_by
    assert set(plan.held_by) <= {code.value for code in GuardCode}


JARGON = re.compile(r"null|frame|row\b|entry|entries|float|threshold|policy|guard|base\b|incoming|roster|NaN", re.I)


def test_the_sentence_of_a_guard_says_what_to_do_without_jargon() -> None:
    plan = plan_year(context=Context(seats=5, as_of=date(2027, 6, 1), window=(OPEN, CLOSE)))
    for sentence in plan.guards["sentence"]:
        assert not JARGON.search(sentence), sentence
        assert sentence.endswith(".")
        assert "_" not in sentence


def test_students_deleted_by_review_are_weighed_again() -> None:
    names = [("Marazan", "Hollow"), ("Lowen", "Tangye"), ("Piran", "Vashti"), ("Jory", "Orrell"), ("Zoja", "Kitto")]
    known = [student(f"s{number}", given, family, BORN) for number, (given, family) in enumerate(names)]
    rows = [row(f"{line['given_name']}x", str(line["family_name"]), BORN) for line in known]
    plan = make_plan(a_roster(*known, *ordinary()[:20]), a_roster(*rows, *advanced(ordinary()[:20])),
                     policy=Policy(leaving_grades=()))  # fmt: skip
    assert plan.counts["review"] == 10
    assert not guard(plan, "too_many_deletions")["held"]
    final = resolve(plan, [Decision(n, verdict="new") for n in range(5)])
    assert final.counts["delete"] == 5
    assert guard(final, "too_many_deletions")["held"]
    assert {Action.DELETE.value, Reason.NOT_LISTED.value} <= set(
        final.entries.select(pl.concat_list(pl.col("action", "reason").cast(pl.String))).to_series().explode()
    )
