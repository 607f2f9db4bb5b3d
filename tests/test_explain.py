"""An explanation reads the plan alone, adds up, and knows only the rows of its plan."""

from itertools import pairwise

import pytest

from plan_builder import school_plan
from rosterdiff.errors import InvalidOption, RosterError
from rosterdiff.levels import Comparison
from rosterdiff.model import Action, Pool, Reason
from rosterdiff.planning.explain import explain

PLAN = school_plan()


def test_an_explanation_gives_the_action_and_the_reason_in_words() -> None:
    found = explain(PLAN, 0)
    assert (found.row, found.action, found.reason) == (0, Action.REVIEW, Reason.NAME_DIFFERS)
    assert found.sentence.startswith("The name in the upload is like a student's name, but not the same. If it is")


def test_candidates_come_in_their_rank_with_whoever_took_them() -> None:
    first, second = explain(PLAN, 0).candidates
    assert [(c.rank, c.student_id, c.taken_by) for c in (first, second)] == [(1, "1001", None), (2, "1009", 6)]
    assert [c.rank for c in explain(PLAN, 1).candidates] == [1, 2]


@pytest.mark.parametrize("row", range(len(PLAN.incoming)))
def test_the_running_total_ends_at_the_weight_of_the_candidate(row: int) -> None:
    for candidate in explain(PLAN, row).candidates:
        totals = [0.0, *(evidence.total for evidence in candidate.fields)]
        assert totals[-1] == pytest.approx(candidate.weight, abs=0.0005)
        steps = [after - before for before, after in pairwise(totals)]
        assert steps == pytest.approx([evidence.weight for evidence in candidate.fields], abs=0.0005)


def test_fields_stand_in_the_order_of_the_comparisons_with_both_values() -> None:
    fields = explain(PLAN, 2).candidates[0].fields
    assert [evidence.comparison for evidence in fields] == list(Comparison)
    birth_date = fields[list(Comparison).index(Comparison.BIRTH_DATE)]
    assert (birth_date.level, birth_date.row_value, birth_date.student_value) == (
        "day_month_swapped",
        "2016-06-12",
        "2016-06-21",
    )
    assert birth_date.sentence == "The birth dates agree when day and month change places."


def test_a_deleted_student_has_evidence_but_no_values() -> None:
    (candidate,) = explain(PLAN, 5).candidates
    assert candidate.pool is Pool.DELETED
    assert {evidence.student_value for evidence in candidate.fields} == {None}
    assert candidate.fields[0].row_value == "Odile"


def test_a_row_that_resembles_nobody_is_explained_without_candidates() -> None:
    found = explain(PLAN, 3)
    assert (found.action, found.candidates) == (Action.ADD, ())


@pytest.mark.parametrize("row", [-1, len(PLAN.incoming), 10**12])
def test_a_row_that_is_not_in_the_plan_is_refused_with_the_valid_range(row: int) -> None:
    with pytest.raises(InvalidOption, match=r"no row .* 0 to 6") as refusal:
        explain(PLAN, row)
    assert isinstance(refusal.value, RosterError)


def test_the_repr_of_an_explanation_holds_no_value_of_a_cell() -> None:
    shown = repr(explain(PLAN, 0))
    for value in ("Tamsin", "Tamsyn", "Orrell", "2016-03-04"):
        assert value not in shown
