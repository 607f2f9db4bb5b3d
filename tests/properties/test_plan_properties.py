"""What holds of every plan, on generated rosters with twins, namesakes, swaps, gaps and any script."""

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rosterdiff.apply import apply_plan, undo
from rosterdiff.config import NAME_FIELDS, Mode, Policy
from rosterdiff.errors import InvalidDecisions
from rosterdiff.frames import Context, Roster, digests
from rosterdiff.model import Action, Actor, Decision, Role, Verdict
from rosterdiff.pipeline import make_plan
from rosterdiff.planning import acknowledge_deletions, resolve
from rosterdiff.plans import Plan
from rosterdiff.reading import read_roster
from rosterdiff.reports import write_template
from rosterdiff.schema import CANONICAL
from rosterdiff.stores import MemoryStore
from rosterdiff.testing import rosters, school_years
from rosterdiff.uploads import compile_uploads

STAFF = Actor(Role.STAFF, "Ada Example")
MODES = st.sampled_from(list(Mode))
BRIEF = settings(max_examples=40)


def open_entries(plan: Plan) -> pl.DataFrame:
    return plan.entries.filter(pl.col("action") == Action.REVIEW.value)


@st.composite
def decisions_on(draw: st.DrawFn, plan: Plan) -> list[Decision]:
    """Decisions on everything open that do not contradict each other."""
    open_, taken, made = open_entries(plan), set[str](), list[Decision]()
    matched = set(
        plan.entries.filter(pl.col("action") != Action.REVIEW.value).drop_nulls("row")["student_id"].drop_nulls()
    )
    for row in open_["row"].drop_nulls():
        of_row = plan.candidates.filter(pl.col("row") == row, pl.col("pool") == "base")["student_id"]
        free = [s for s in of_row if s not in taken | matched]
        verdict = draw(st.sampled_from([Verdict.NEW, Verdict.IGNORE, *[Verdict.SAME] * 2 * bool(free)]))
        student_id = draw(st.sampled_from(free)) if verdict is Verdict.SAME else None
        taken |= {student_id} - {None}
        made.append(Decision(row, student_id, verdict=verdict))
    absent = [Verdict.LEAVE] if plan.mode is Mode.BULK else [Verdict.LEAVE, Verdict.DELETE]
    for student_id in open_["student_id"].drop_nulls():
        if student_id not in taken:
            made.append(Decision(None, student_id, verdict=draw(st.sampled_from(absent))))
    return made


def content(plan: Plan) -> list[tuple[object, ...]]:
    """The entries in order, rows named by what they say instead of by their number."""
    lines = pl.DataFrame({"row": plan.incoming.frame["row"], "line": digests(plan.incoming.frame.select(*CANONICAL))})
    named = plan.entries.join(lines, on="row", how="left", maintain_order="left")
    return named.drop("row").rows()


@BRIEF
@given(school_years(), MODES)
def test_every_student_and_row_is_in_one_entry_and_no_name_changes(years: tuple[Roster, Roster], mode: Mode) -> None:
    plan = make_plan(*years, policy=Policy(mode=mode))
    assert sorted(plan.entries["student_id"].drop_nulls()) == sorted(years[0].frame["student_id"])
    assert sorted(plan.entries["row"].drop_nulls()) == years[1].frame["row"].to_list()
    assert not set(plan.changes["field"]) & set(NAME_FIELDS)
    assert plan.mode is Mode.MIGRATION or not plan.counts["delete"]
    assert all(entry.student_id or entry.row is not None for entry in plan.iter_entries())


@BRIEF
@given(school_years(), st.data())
def test_the_order_of_rows_and_columns_changes_only_numbers(years: tuple[Roster, Roster], data: st.DataObject) -> None:
    base, incoming = years
    shuffled = []
    for roster in (base, incoming):
        frame = roster.frame.drop("row")
        rows = data.draw(st.permutations(range(frame.height)))
        columns = data.draw(st.permutations(frame.columns))
        again = Roster.from_frame(frame[rows].select(columns).drop("source_file", "source_sheet", "source_row"))
        shuffled.append(again)
    plans = [make_plan(*pair) for pair in ((base, incoming), tuple(shuffled))]
    assert plans[0].plan_id == plans[1].plan_id
    assert content(plans[0]) == content(plans[1])


@BRIEF
@given(school_years(), MODES, st.data())
def test_apply_then_plan_again_keeps_all_and_undo_restores(
    years: tuple[Roster, Roster], mode: Mode, data: st.DataObject
) -> None:
    base, incoming = years
    policy = Policy(mode=mode)
    plan = make_plan(base, incoming, policy=policy)
    final = resolve(plan, data.draw(decisions_on(plan)))
    ack = acknowledge_deletions(plan, count=plan.counts["delete"], actor=STAFF)
    assume(not final.held_by)
    store = MemoryStore(base)
    before = store.load().frame
    receipt = apply_plan(final, store, actor=STAFF, acknowledgement=ack)
    again = make_plan(store.load(), incoming, policy=policy, context=Context(decisions=final.decisions))
    assert set(again.entries["action"].cast(pl.String)) <= {"keep"}, again.entries
    undo(receipt, store, actor=STAFF)
    assert store.load().frame.equals(before)
    second = apply_plan(final, store, actor=STAFF, acknowledgement=ack)
    assert second.counts == receipt.counts


@BRIEF
@given(school_years(), st.data())
def test_a_candidate_of_an_open_row_is_never_deleted(years: tuple[Roster, Roster], data: st.DataObject) -> None:
    """Whatever is decided of other rows, a student who may be an open row's stays."""
    plan = make_plan(*years)
    decisions = data.draw(decisions_on(plan))
    chosen = {d.student_id for d in decisions if d.verdict is Verdict.SAME}
    rows = [d.row for d in decisions if d.row is not None]
    assume(rows)
    left_out = data.draw(st.sampled_from(rows))
    kept = [d for d in decisions if d.row != left_out and d.verdict in {Verdict.SAME, Verdict.NEW, Verdict.IGNORE}]
    settled = resolve(plan, kept, partial=True)
    candidates = set(plan.candidates.filter(pl.col("row") == left_out, pl.col("pool") == "base")["student_id"])
    deleted = set(settled.entries.filter(pl.col("action") == Action.DELETE.value)["student_id"])
    assert not (candidates - chosen) & deleted


@BRIEF
@given(rosters(), MODES)
def test_a_base_sent_back_is_kept_whole(base: Roster, mode: Mode) -> None:
    plan = make_plan(base, Roster.from_frame(base.frame), policy=Policy(mode=mode))
    assert set(plan.entries["action"].cast(pl.String)) <= {"keep"}


@settings(max_examples=25)
@given(rosters(min_size=1), MODES, st.sampled_from(["xlsx", "csv"]))
def test_a_template_sent_back_unedited_is_kept_whole(base: Roster, mode: Mode, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"students.{suffix}"
        write_template(base, path)
        incoming = compile_uploads([read_roster(path)])
    plan = make_plan(base, incoming, policy=Policy(mode=mode))
    assert set(plan.entries["action"].cast(pl.String)) <= {"keep"}
    assert not plan.held_by


@BRIEF
@given(school_years(), st.data())
def test_contradicting_decisions_are_all_told_and_none_is_taken(
    years: tuple[Roster, Roster], data: st.DataObject
) -> None:
    plan = make_plan(*years)
    rows = open_entries(plan)["row"].drop_nulls().to_list()
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    wrong = [
        Decision(row, verdict=Verdict.NEW),
        Decision(row, verdict=Verdict.IGNORE),
        Decision(row, "nobody", verdict=Verdict.SAME),
        Decision(10_000, verdict=Verdict.NEW),
    ]
    with pytest.raises(InvalidDecisions) as caught:
        resolve(plan, wrong)
    told = " ".join(caught.value.problems)
    assert "contradict" in told
    assert "not open" in told
    assert "No student" in told


def test_a_plan_does_not_ask_the_clock() -> None:
    base = Roster.from_frame(pl.DataFrame({"student_id": ["s1"], "given_name": ["Ada"], "family_name": ["Byte"]}))
    day = dt.date(2027, 1, 31)
    assert make_plan(base, base).as_of is None
    assert make_plan(base, base, context=Context(as_of=day)).as_of == day


def test_an_ignored_row_claims_nobody() -> None:
    """Two equal rows, of which one was taken for a student and one ignored: the other namesake is not given to it."""
    name = {"given_name": "Ilva", "family_name": "Torenbek", "birth_date": "2016-03-14", "class_name": "KGA"}
    base = Roster.from_frame(pl.DataFrame([{"student_id": s, "grade": "KG", **name} for s in ("s1", "s2")]))
    incoming = Roster.from_frame(pl.DataFrame([{"grade": "01", **name}] * 2))
    plan = make_plan(base, incoming)
    decisions = [
        Decision(0, verdict="ignore"),
        Decision(1, "s1", verdict="same"),
        Decision(None, "s2", verdict="leave"),
    ]
    again = make_plan(base, incoming, context=Context(decisions=resolve(plan, decisions).decisions))
    assert set(again.entries["reason"]) == {"decided_same", "row_ignored", "decided_leave"}
