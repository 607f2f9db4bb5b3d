"""The page is one safe file: it asks the workbook's questions, its size is bounded, and what it saves is read back."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from attrs import evolve
from benchmarks.page_plans import Sizes, wide_plan

from plan_builder import lines, school_plan
from rosterdiff.cli import run
from rosterdiff.config import Mode
from rosterdiff.errors import InvalidDecisions, InvalidOption, UnreadableFile
from rosterdiff.levels import Comparison
from rosterdiff.model import Actor, Verdict
from rosterdiff.planning import explain, load_plan, resolve, save_plan
from rosterdiff.reports import page as page_module
from rosterdiff.reports import page_cards, page_lists, read_decisions, write_page
from rosterdiff.reports.page import page_data, page_html
from rosterdiff.reports.page_neighbours import REACH
from rosterdiff.reports.review_form import review_lines
from rosterdiff.schema import ENTRIES
from rosterdiff.sentences import comparison_label, level_sentence

NASTY = ("<script>alert(1)</script>", "</script><!--", "O'\"&amp;`${x}", "\u2028\u202eevil", "👩‍👧", "عائشة")


def element(page: str, tag: str, attributes: str = "") -> str:
    """The text of the one element of this kind."""
    (found,) = re.findall(rf"<{tag}{attributes}[^>]*>(.*?)</{tag}>", page, flags=re.DOTALL)
    return str(found)


def data_of(page: str) -> dict[str, Any]:
    return dict(json.loads(element(page, "script", ' type="application/json"')))


# The file


def test_the_policy_allows_this_script_and_this_style_and_nothing_else() -> None:
    page = page_html(school_plan())
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[0]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for rule, text in (
        ("script-src", element(page, "script", ' type="module"')),
        ("style-src", element(page, "style")),
    ):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules.pop(rule) == f"'sha256-{digest}'"
    assert rules.pop("require-trusted-types-for") == "'script'"
    assert set(rules.values()) == {"'none'"}
    assert {"default-src", "connect-src", "base-uri", "form-action"} <= set(rules)


def test_the_page_names_nothing_that_a_browser_would_load() -> None:
    page = page_html(school_plan())
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page)
    assert not re.findall(r"<(?:link|img|iframe|script[^>]+src)|\son\w+=|@import|url\(", page)


def test_no_name_can_end_the_block_of_data() -> None:
    plan = school_plan()
    names = pl.Series([*NASTY, *plan.incoming.frame["family_name"][len(NASTY) :]])
    incoming = evolve(plan.incoming, frame=plan.incoming.frame.with_columns(family_name=names))
    page = page_html(evolve(plan, incoming=incoming))
    assert "<" not in element(page, "script", ' type="application/json"')
    place = [name for name, _ in data_of(page)["fields"]].index("family_name")
    told = {row["row"]: row["values"][place] for card in data_of(page)["cards"] for row in card["rows"]}
    assert told[0] == NASTY[0]
    assert told[1] == NASTY[1]
    assert told[2] == NASTY[2]


def test_the_page_holds_what_was_worked_out_and_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = school_plan()
    write_page(plan, tmp_path / "plan.html")
    text = (tmp_path / "plan.html").read_bytes()
    save_plan(plan, tmp_path / "plan.rdiff")
    write_page(load_plan(tmp_path / "plan.rdiff"), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == text
    assert data_of(text.decode()) == json.loads(json.dumps(page_data(plan)))


def test_every_part_of_the_page_is_a_file_of_the_package_and_none_is_forgotten() -> None:
    parts = {path.name for path in (Path(page_module.__file__).parent / "page_parts").iterdir()}
    assert parts == {*page_module._SCRIPTS, "page.css", "page.html"}


def test_the_script_writes_no_markup_and_keeps_no_globals() -> None:
    script = element(page_html(school_plan()), "script", ' type="module"')
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script)
    assert not re.findall(r"\b(?:window|globalThis)\.\w+ =|^var ", script, flags=re.MULTILINE)


# The questions


@pytest.mark.parametrize("mode", Mode)
def test_page_and_workbook_ask_the_same_questions_in_the_same_words(mode: Mode) -> None:
    plan = school_plan(mode)
    _, sheet = review_lines(plan)
    cards = page_data(plan)["cards"]
    asked = {line.question.key: line for line in sheet if line.question}
    rows = {row["key"]: row for card in cards for row in card["rows"]}
    held = {each["key"]: each for card in cards for each in card["held"]}
    classes = {card["of_class"]["key"]: card["of_class"] for card in cards if "of_class" in card}
    assert {*rows, *classes} <= set(asked) <= {*rows, *held, *classes}
    for key, line in asked.items():
        if key in rows:
            assert (rows[key]["where"], tuple(rows[key]["values"])) == (line.why, line.values)
        elif key in classes:
            assert classes[key]["title"] == line.who
        else:
            assert held[key]["note"] == line.why


def test_a_row_offers_what_the_workbook_offers() -> None:
    plan = school_plan()
    data = page_data(plan)
    words = data["words"]["verdicts"]
    offered = {
        row["key"]: (
            *(f"{words['same']} {each['number']}" for each in row["candidates"] if each.get("free", True)),
            *(f"{words['restore']} {each['id']}" for each in row["candidates"] if each.get("restorable")),
            *(words[verdict] for verdict in row["verdicts"]),
        )
        for card in data["cards"]
        for row in card["rows"]
    }
    _, sheet = review_lines(plan)
    assert offered == {
        line.question.key: line.choices for line in sheet if line.question and line.question.key in offered
    }


def test_the_steps_of_a_waterfall_are_those_of_explain() -> None:
    plan = school_plan()
    data = page_data(plan)
    comparisons = data["words"]["comparisons"]
    for card in data["cards"]:
        for row in card["rows"]:
            for told, known in zip(row["candidates"], explain(plan, row["row"]).candidates, strict=True):
                each = iter(told["steps"])
                steps = [
                    (comparisons[at]["label"], comparisons[at]["sentences"][level], weight / 1000)
                    for at, level, weight in zip(each, each, each, strict=True)
                ]
                missing = [comparisons[at]["label"] for at in told.get("missing", ())]
                speaking = [field for field in known.fields if field.level not in {"missing", "apart"}]
                assert steps == [(comparison_label(f.comparison), f.sentence, f.weight) for f in speaking]
                assert missing == [comparison_label(f.comparison) for f in known.fields if f.level == "missing"]
                assert round(sum(step[2] for step in steps) * 1000) == round(known.weight * 1000)


def test_every_level_of_every_comparison_has_its_sentence() -> None:
    told = page_data(school_plan())["words"]["comparisons"]
    assert len(told) == len(Comparison)
    for comparison, each in zip(Comparison, told, strict=True):
        assert each["sentences"] == [level_sentence(comparison, level) for level in each["levels"]]


def test_neighbours_stand_in_the_order_of_the_file_with_what_became_of_them() -> None:
    (row, *_) = page_data(school_plan())["cards"][0]["rows"]
    assert row["neighbours"][0] == ["Orrell, Tamsyn", ""]
    assert row["neighbours"][1:] == [
        ["Penhale, J.", "in doubt as well"],
        ["Penhale, Jory", "in doubt as well"],
        ["-Nyquist, =Bertil", "new student"],
    ]
    assert len(row["neighbours"]) <= 2 * REACH + 1


def test_a_student_who_is_not_in_the_base_has_no_number_and_cannot_be_chosen() -> None:
    (row,) = page_data(school_plan())["cards"][2]["rows"]
    (candidate,) = row["candidates"]
    assert (candidate.get("number"), candidate["id"], candidate["free"]) == (None, "877", False)
    assert candidate["bar"]


# The rest of the plan


def test_deletions_are_listed_by_class_with_the_number_to_acknowledge() -> None:
    data = page_data(school_plan())
    assert data["certain"] == 1
    (group,) = data["lists"]["delete"]["groups"]
    assert group == {
        "label": "6A · grade 06",
        "total": 1,
        "people": [["1005", "Arkley, Sefton", "born 2014-01-09"]],
    }
    assert {group["label"]: group["total"] for group in data["held"]["groups"]} == {
        "2A · grade 02": 3,
        "3A · grade 03": 3,
    }
    (first, *_), _ = (group["people"] for group in data["held"]["groups"])
    assert first == ["1006", "Calloway, Wren", "born 2017-02-02"], "who acknowledges sees whom he may delete"


def test_changes_stand_before_and_after_and_additions_with_their_place() -> None:
    lists = page_data(school_plan())["lists"]
    assert lists["update"]["groups"][0]["people"] == [["1002", "Vestmann, Lóa", "Class 3A → 4A, Grade 03 → 04"]]
    assert lists["add"]["groups"][0]["people"] == [["", "-Nyquist, =Bertil", "4A.xlsx, sheet Term 1, row 8"]]


def test_a_guard_that_holds_the_plan_stands_with_its_sentence_and_advice() -> None:
    (guard,) = page_data(school_plan())["guards"]
    assert (guard["title"], guard["passed"]) == ("Too few students found", False)
    assert guard["sentence"] == "2 of 9 students were found."


def test_a_resolved_plan_has_a_page_without_questions() -> None:
    plan = school_plan()
    entries = pl.concat(
        [
            plan.entries.filter(pl.col("action") != "review"),
            lines(
                ENTRIES,
                *[{"action": "add", "reason": "decided_new", "row": row} for row in (0, 1, 2, 5)],
                *[
                    {"action": "delete", "reason": "decided_delete", "student_id": student}
                    for student in ("1001", "1003", "1004", "1006", "1007", "1008")
                ],
            ),
        ]
    ).with_columns(entry=pl.int_range(pl.len(), dtype=pl.UInt32))
    data = page_data(evolve(plan, entries=entries))
    assert data["cards"] == []
    told = [person for group in data["lists"]["delete"]["groups"] for person in group["people"]]
    assert ["1006", "Calloway, Wren", "born 2017-02-02, Decided: delete"] in told


# The size


def test_a_page_has_a_bounded_number_of_questions_and_counts_the_others() -> None:
    data = page_data(wide_plan(Sizes(30)), most=12)
    assert (len(data["cards"]), data["left_out"]) == (12, 18)
    assert [card["group"] for card in data["cards"]] == list(range(12))


def test_large_groups_bound_a_page_as_many_groups_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cards, "MOST_PEOPLE", 10)
    data = page_data(wide_plan(Sizes(30)))
    assert (len(data["cards"]), data["left_out"]) == (5, 25)


def test_lists_are_cut_and_say_so_and_every_class_keeps_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(page_lists.MOST_NAMED, "delete", 20)
    told = page_data(wide_plan(Sizes(1, deletions=175)))["lists"]["delete"]
    assert (told["total"], told["named"], told["classes"]) == (175, 20, 8)
    assert sum(group["total"] for group in told["groups"]) == 175
    assert sum(len(group["people"]) for group in told["groups"]) == 20


def test_a_page_of_no_questions_at_all_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption):
        write_page(school_plan(), tmp_path / "plan.html", most=0)


# What the page saves


SAID = (
    {"row": 0, "verdict": "same", "student_id": "1001", "by": "Ada", "comment": "known to me"},
    {"row": 1, "verdict": "same", "student_id": "1004", "by": "Ada"},
    {"row": 2, "verdict": "same", "student_id": "1003", "by": "Ada"},
    {"row": 5, "verdict": "new", "by": "Ada"},
    *({"student_id": student, "verdict": "leave", "by": "Ada"} for student in ("1006", "1007", "1008")),
)


def saved(path: Path, *decisions: Mapping[str, object], **other: object) -> Path:
    record = {
        "format": "rosterdiff decisions",
        "version": 1,
        "plan_id": school_plan().plan_id,
        "decisions": list(decisions),
        **other,
    }
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_decisions_come_back_with_the_plan_the_place_and_who_decided(tmp_path: Path) -> None:
    decisions = read_decisions(saved(tmp_path / "d.json", *SAID, {"row": 6, "verdict": "open"}))
    first = decisions[0]
    assert (first.row, first.verdict, first.student_id) == (0, Verdict.SAME, "1001")
    assert (first.actor, first.comment) == (Actor("staff", "Ada"), "known to me")
    assert (first.plan_id, first.place) == (school_plan().plan_id, "d.json, decision 1")
    assert decisions[-1].verdict is Verdict.OPEN
    assert decisions[-1].actor is None


def test_what_the_page_saved_resolves_the_plan(tmp_path: Path) -> None:
    final = resolve(school_plan(), read_decisions(saved(tmp_path / "d.json", *SAID)))
    assert final.counts["review"] == 0
    assert all(decision.actor == Actor("staff", "Ada") for decision in final.decisions)


def test_decisions_about_another_plan_are_refused_with_their_place(tmp_path: Path) -> None:
    decisions = read_decisions(saved(tmp_path / "d.json", *SAID, plan_id="77" * 32))
    with pytest.raises(InvalidDecisions, match=r"another plan \(d.json, decision 1\)"):
        resolve(school_plan(), decisions)


def test_a_question_left_open_is_named_by_its_place(tmp_path: Path) -> None:
    decisions = read_decisions(saved(tmp_path / "d.json", *SAID[1:], {"row": 0, "verdict": "open"}))
    with pytest.raises(InvalidDecisions, match=r"Row 0 is left open \(d.json, decision 7\)"):
        resolve(school_plan(), decisions)


@pytest.mark.parametrize(
    "decision",
    [
        "same",
        {"verdict": "same", "by": "Ada"},
        {"row": -1, "verdict": "new"},
        {"row": True, "verdict": "new"},
        {"row": 2**40, "verdict": "new"},
        {"row": 1.5, "verdict": "new"},
        {"row": 1, "verdict": "perhaps"},
        {"row": 1, "verdict": ["new"]},
        {"row": 1, "verdict": "new", "student_id": "1001"},
        {"row": 1, "verdict": "same"},
        {"row": 1, "verdict": "delete", "student_id": "1001"},
        {"student_id": "1001", "verdict": "ignore"},
        {"student_id": "", "verdict": "leave"},
        {"student_id": 1001, "verdict": "leave"},
        {"row": 1, "verdict": "new", "comment": 7},
        {"row": 1, "verdict": "new", "by": "a" * 201},
        {"row": 1, "verdict": "new", "unheard": "of"},
    ],
)
def test_a_decision_that_is_not_well_formed_is_told_by_its_number(decision: object, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    saved(path, SAID[0], decision)  # type: ignore[arg-type]
    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(path)
    assert len(refusal.value.problems) == 1
    assert refusal.value.problems[0].startswith("d.json, decision 2:")
    assert "1001" not in str(refusal.value)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(saved(tmp_path / "d.json", {"row": -1}, SAID[0], {"row": 1, "verdict": "same"}))
    assert [problem.split(":")[0] for problem in refusal.value.problems] == ["d.json, decision 1", "d.json, decision 3"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text[:-5], "not_a_review"),
        (lambda text: text.replace("rosterdiff decisions", "another"), "not_a_review"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "other_version"),
        (lambda text: text.replace('"plan_id"', '"plan"'), "not_a_review"),
        (lambda text: text.replace('"decisions": [', '"decisions": 4, "x": ['), "not_a_review"),
        (lambda text: '{"a":' * 100_000, "not_a_review"),
        (lambda text: "{" + "\x00" * 40, "not_a_review"),
    ],
)
def test_a_file_that_the_page_did_not_save_is_refused(change: Callable[[str], str], code: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "d.json", *SAID)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UnreadableFile) as refusal:
        read_decisions(path)
    assert refusal.value.code == code


def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "decisions.txt", *SAID)
    path.write_bytes(b"\xef\xbb\xbf\n" + path.read_bytes())
    assert len(read_decisions(path)) == len(SAID)


def test_a_missing_file_is_told_as_for_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_decisions(tmp_path / "gone.json")


# The command line


def test_plan_writes_the_page_and_decide_takes_what_it_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, upload = tmp_path / "base.csv", tmp_path / "4A.csv"
    people = [("Tamsin", "Orrell", "2016-03-04"), ("Lóa", "Vestmann", "2015-11-30"), ("Jory", "Penhale", "2016-06-21")]
    base.write_text(
        "student_id,Given name,Family name,Birth date\n"
        + "".join(f"{1000 + n},{','.join(person)}\n" for n, person in enumerate(people)),
        encoding="utf-8",
    )
    upload.write_text(
        "Given name,Family name,Birth date\nTamsyn,Orrell,2016-03-04\n"
        + "".join(f"{','.join(person)}\n" for person in people[1:]),
        encoding="utf-8",
    )
    plan, page = str(tmp_path / "plan.rdiff"), tmp_path / "plan.html"
    assert run(["plan", str(base), str(upload), "-o", plan, "--mode", "bulk", "--page", str(page)]) == 2
    made = load_plan(plan)
    assert f"decisions-{made.plan_id[:8]}.json" in capsys.readouterr().out
    (card,) = data_of(page.read_text(encoding="utf-8"))["cards"]
    row = card["rows"][0]["row"]
    answers = saved(
        tmp_path / "decisions.json",
        {"row": row, "verdict": "same", "student_id": "1000", "by": "Ada"},
        plan_id=made.plan_id,
    )
    run(["decide", plan, str(answers), "-o", str(tmp_path / "final.rdiff")])
    assert load_plan(tmp_path / "final.rdiff").counts["review"] == 0


# The docs


DOCS = Path(__file__).parent.parent / "docs" / "page.md"
PARTS = Path(page_module.__file__).parent / "page_parts"


def test_the_code_of_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "decisions.json", *SAID)
    (code,) = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"plan": school_plan()}
    exec(compile(code, "docs/page.md", "exec"), names)
    assert names["final"].counts["review"] == 0
    assert (tmp_path / "plan.html").exists()


def test_the_file_that_the_docs_show_is_one(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```json\n(.*?)^```", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "d.json").write_text(code, encoding="utf-8")
    assert [d.verdict for d in read_decisions(tmp_path / "d.json")] == ["same", "open", "leave"]


def test_docs_and_help_name_the_keys_that_the_page_has() -> None:
    """The table of the docs, the help dialog, and the acts of the script."""
    keys = (PARTS / "keys.js").read_text(encoding="utf-8")
    acts = set(re.findall(r'^  "?([a-z?/])"?: ', keys, flags=re.MULTILINE))
    told = re.findall(r'^  \["([^"]+)", "', (PARTS / "dialogs.js").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {key for line in told for key in line.split()} - {"1", "…", "9"} == acts
    table = re.findall(r"^\| ((?:`[^`]`[ …]*)+) \|", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {key for line in table for key in re.findall(r"`(.)`", line)} - {"1", "9"} == acts


def test_the_limits_of_the_docs_are_those_of_the_code() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert f"at most {page_module.MOST_CARDS:,} review groups" in text
    assert f"{page_cards.MOST_PEOPLE:,} rows and students" in text
    assert f"Of deletions {page_lists.MOST_NAMED['delete']:,} are named" in text


def test_where_issues_are_is_told_sheet_by_sheet_as_on_the_terminal() -> None:
    dates, header = (next(k for k in page_lists.issue_list(school_plan())["named"] if k["code"] == code)
                     for code in ("date_ambiguous", "header_unknown"))  # fmt: skip
    assert dates["places"] == ["4A.xlsx, sheet Term 1: D5, D6, D7, D8, D9, D10 and 1 more"]
    assert (dates["times"], dates["more"]) == (7, 0)
    assert (header["times"], header["places"]) == (1, ["late.csv"])
