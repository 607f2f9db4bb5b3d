import json
import os
import resource
import stat
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from plan_samples import STAFF, plans, sample_plan
from rosterdiff.config import Mode, Policy
from rosterdiff.errors import DamagedPlan, NewerPlan
from rosterdiff.frames import Roster
from rosterdiff.model import Decision
from rosterdiff.pipeline import make_plan
from rosterdiff.planning.codec import FORMAT_VERSION, load_plan, save_plan
from rosterdiff.plans import Plan
from rosterdiff.schema import CANDIDATES, ISSUES
from rosterdiff.testing import school_years

FRAMES = ("entries", "changes", "candidates", "issues", "coverage", "guards", "steps", "deletable")
PARTS = ("frame", "issues", "places", "clears", "doubts")
REST = ("plan_id", "origin", "policy", "decisions", "overrides", "as_of", "school_year")


def assert_same(loaded: Plan, plan: Plan) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(loaded, name), getattr(plan, name), check_exact=True)
    for side in ("base", "incoming"):
        for part in PARTS:
            assert_frame_equal(getattr(getattr(loaded, side), part), getattr(getattr(plan, side), part))
    assert [getattr(loaded, name) for name in REST] == [getattr(plan, name) for name in REST]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    """The bytes of a plan with a decision in it."""
    save_plan(sample_plan(decisions=(Decision(row=3, verdict="new", actor=STAFF),)), folder / "whole.rdiff")
    return (folder / "whole.rdiff").read_bytes()


@pytest.mark.parametrize("version", [1, 2])
def test_plans_that_earlier_versions_saved_are_read(version: int, folder: Path) -> None:
    """The files were written by those versions themselves."""
    loaded = load_plan(Path(__file__).parent / "data" / f"plan-format-{version}.rdiff")
    assert loaded.counts == sample_plan().counts
    assert (loaded.policy.accept_similar, loaded.policy.evidence, loaded.policy.guards.shifted) == (False, {}, 0)
    assert loaded.issues.schema == ISSUES
    save_plan(loaded, folder / "now.rdiff")
    assert_same(load_plan(folder / "now.rdiff"), loaded)


@given(plan=plans)
@settings(max_examples=60)
def test_a_loaded_plan_is_the_plan_that_was_saved(folder: Path, plan: Plan) -> None:
    """Any text, any float with NaN and infinities, any policy, decisions and overrides."""
    save_plan(plan, folder / "any.rdiff")
    first = (folder / "any.rdiff").read_bytes()
    loaded = load_plan(str(folder / "any.rdiff"))
    assert_same(loaded, plan)
    save_plan(loaded, str(folder / "again.rdiff"))
    assert (folder / "again.rdiff").read_bytes() == first, "the same plan gives the same bytes"


@given(year=school_years(), mode=st.sampled_from(Mode))
@settings(max_examples=25)
def test_what_make_plan_gives_comes_back_from_its_file(folder: Path, year: tuple[Roster, Roster], mode: Mode) -> None:
    plan = make_plan(*year, policy=Policy(mode=mode))
    save_plan(plan, folder / "real.rdiff")
    assert_same(load_plan(folder / "real.rdiff"), plan)


@given(data=st.data())
@settings(max_examples=150)
def test_a_flipped_bit_anywhere_is_refused(folder: Path, whole: bytes, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[position] ^= 1 << data.draw(st.integers(0, 7))
    refuse(folder, bytes(damaged))


@given(data=st.data())
@settings(max_examples=80)
def test_a_truncated_or_longer_file_is_refused(folder: Path, whole: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(whole) - 1))
    refuse(folder, whole[:length])
    refuse(folder, whole + whole[: length + 1])
    refuse(folder, whole[length + 1 :])


@given(content=st.binary(max_size=200))
@settings(max_examples=50)
def test_any_other_file_is_refused(folder: Path, content: bytes) -> None:
    refuse(folder, content)
    refuse(folder, sealed(content))


def refuse(folder: Path, content: bytes) -> DamagedPlan:
    path = folder / "damaged.rdiff"
    path.write_bytes(content)
    with pytest.raises(DamagedPlan) as caught:
        load_plan(path)
    return caught.value


def sealed(content: bytes) -> bytes:
    return content + sha256(content).hexdigest().encode()


Members = dict[str, bytes]


def repacked(whole: bytes, folder: Path, alter: Callable[[Members], None]) -> bytes:
    """The plan as someone would forge it: members altered, every digest and the seal made to fit again."""
    source, target = folder / "source.zip", folder / "target.zip"
    source.write_bytes(whole)
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    alter(members)
    if members.get("manifest.json") and json.loads(members["manifest.json"]) == manifest:
        for name in manifest["members"]:
            content = members.get(name, b"")
            manifest["members"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = b"0" * 64
    return sealed(target.read_bytes()[:-64])


def edit(name: str, **changes: object) -> Callable[[Members], None]:
    """Set values of a JSON member."""

    def alter(members: Members) -> None:
        members[name] = json.dumps(json.loads(members[name]) | changes).encode()

    return alter


def drop(name: str) -> Callable[[Members], None]:
    return lambda members: members.__delitem__(name)


FORGERIES: dict[str, Callable[[Members], None]] = {
    "a member is missing": drop("steps.json"),
    "the manifest is missing": drop("manifest.json"),
    "a member is unknown": lambda members: members.update({"more.json": b"{}"}),
    "a word is none of its set": edit("entries.json", action=["destroy"] * 7),
    "a number is text": edit("entries.json", row=["0"] * 7),
    "a number is a truth": edit("entries.json", row=[True] * 7),
    "a number is negative": edit("entries.json", row=[-1] * 7),
    "a number is huge": edit("entries.json", row=[2**70] * 7),
    "columns differ in length": edit("entries.json", row=[0]),
    "a column is no array": edit("entries.json", row=7),
    "a column is unknown": edit("entries.json", more=[None] * 7),
    "a further column holds numbers": edit("base/frame.json", more=[1] * 5),
    "a date is none": edit("base/frame.json", birth_date=["2015-02-30"] * 5),
    "base ids are missing": edit("base/frame.json", student_id=[None] * 5),
    "rows are numbered otherwise": edit("incoming/frame.json", row=[0, 1, 2, 4]),
    "a float is an unknown word": edit("entries.json", weight=["many"] * 7),
    "a student is in two entries": edit(
        "entries.json", student_id=[None, "S003", "S004", None, "S001", "S000", "S000"]
    ),
    "a name is changed": edit("changes.json", field=["given_name", "birth_date"]),
    "a surrogate stands alone": edit("base/frame.json", school=["\ud800"] * 5),
    "the JSON is nested deeply": lambda members: members.update({"steps.json": b"[" * 200_000}),
    "the JSON is not whole": lambda members: members.update({"steps.json": members["steps.json"][:-5]}),
    "a column stands twice": lambda members: members.update(
        {"clears.json": members["base/clears.json"]}, **{"base/clears.json": b'{"row":[],"row":[],"field":[]}'}
    ),
    "the policy has an unknown option": edit("manifest.json", policy={"mode": "bulk"}),
    "the plan id is a number": edit("manifest.json", plan_id=7),
    "the day is none": edit("manifest.json", as_of="someday"),
    "decisions are no list of objects": edit("manifest.json", decisions=[7]),
    "the members are no object": edit("manifest.json", members=[]),
    "the format is another": edit("manifest.json", format="rosterdiff receipt"),
    "the format number is text": edit("manifest.json", format_version="1"),
    "the manifest is a list": lambda members: members.update({"manifest.json": b"[]"}),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_sealed_file_of_wrong_content_is_refused(whole: bytes, folder: Path, forgery: str) -> None:
    refuse(folder, repacked(whole, folder, FORGERIES[forgery]))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("accept", 0.2),
        ("accept", "high"),
        ("mode", "yearly"),
        ("update_fields", ["given_name"]),
        ("guards", {}),
        ("accept_similar", 1),
        ("evidence", ["Postcode"]),
        ("evidence", {"Postcode": "roughly"}),
        ("evidence", {"Postcode": 7}),
        ("evidence", {"birth_date": "exact"}),
    ],
)
def test_a_policy_that_could_not_be_built_is_refused(whole: bytes, folder: Path, option: str, value: object) -> None:
    def alter(members: Members) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["policy"][option] = value
        members["manifest.json"] = json.dumps(manifest).encode()

    refuse(folder, repacked(whole, folder, alter))


def test_repacking_alone_is_accepted_so_that_the_forgeries_fail_for_their_own_reason(
    whole: bytes, folder: Path
) -> None:
    path = folder / "repacked.rdiff"
    path.write_bytes(repacked(whole, folder, lambda members: None))
    assert load_plan(path).plan_id == "a1" * 32


def test_a_member_that_stands_twice_is_refused(whole: bytes, folder: Path) -> None:
    path = folder / "twice.zip"
    path.write_bytes(whole)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of what is done here on purpose
        archive.writestr("steps.json", archive.read("steps.json"))
        archive.comment = b"0" * 64
    refuse(folder, sealed(path.read_bytes()[:-64]))


def test_a_bomb_is_refused_before_it_is_unpacked(whole: bytes, folder: Path) -> None:
    """200 MB of blanks in a file of 200 kB."""

    def alter(members: Members) -> None:
        members["steps.json"] = members["steps.json"] + b" " * 200_000_000

    error = refuse(folder, repacked(whole, folder, alter))
    assert "unpack" in str(error)


def without(members: Members, manifest: dict[str, Any], member: str, *names: str) -> None:
    """A frame as an earlier format wrote it: without these columns."""
    frame = json.loads(members[member])
    for name in names:
        del frame[name]
    members[member] = content = json.dumps(frame).encode()
    manifest["members"][member] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}


def without_format_3(members: Members, manifest: dict[str, Any]) -> None:
    """What formats 1 and 2 did not say: of how many cells an issue is, by what a column was known, the newest guard."""
    del manifest["policy"]["guards"]["shifted"]
    for side in ("", "base/", "incoming/"):
        without(members, manifest, f"{side}issues.json", "count", "cells")
    for side in ("base", "incoming"):
        without(members, manifest, f"{side}/places.json", "known_by", "confidence", "header_row")


def as_format_2(members: Members) -> None:
    """What the second format wrote."""
    manifest = json.loads(members["manifest.json"])
    without_format_3(members, manifest)
    members["manifest.json"] = json.dumps(manifest | {"format_version": 2}).encode()


def test_a_file_of_the_second_format_has_issues_of_one_cell_each(whole: bytes, folder: Path) -> None:
    path = folder / "second.rdiff"
    path.write_bytes(repacked(whole, folder, as_format_2))
    issues = load_plan(path).issues
    assert issues["count"].to_list() == [1] * issues.height
    assert issues["cells"].to_list() == issues["cell"].to_list()


def as_format_1(members: Members, **policy: object) -> None:
    """What the first format wrote: no similar names, no columns of one's own, nothing of several fields together."""
    manifest = json.loads(members["manifest.json"])
    del manifest["policy"]["accept_similar"], manifest["policy"]["evidence"]
    manifest["policy"] |= policy
    later = ("further_level", "further_weight", "together_level", "together_weight")
    without(members, manifest, "candidates.json", *later)
    without_format_3(members, manifest)
    members["manifest.json"] = json.dumps(manifest | {"format_version": 1}).encode()


def test_a_file_of_the_first_format_is_read_as_what_held_then(whole: bytes, folder: Path) -> None:
    path = folder / "first.rdiff"
    path.write_bytes(repacked(whole, folder, as_format_1))
    loaded, written = load_plan(path), sample_plan(decisions=(Decision(row=3, verdict="new", actor=STAFF),))
    assert (loaded.policy.accept_similar, loaded.policy.evidence) == (False, {})
    assert loaded.policy == written.policy
    known = [name for name in CANDIDATES if not name.startswith(("further_", "together_"))]
    assert loaded.candidates.select(known).equals(written.candidates.select(known))
    assert loaded.candidates.drop(known).null_count().row(0) == (2, 2, 2, 2)
    save_plan(loaded, path)
    assert_same(load_plan(path), loaded)


def test_a_file_of_the_first_format_with_options_of_the_second_is_refused(whole: bytes, folder: Path) -> None:
    refuse(folder, repacked(whole, folder, lambda members: as_format_1(members, evidence={})))
    refuse(folder, repacked(whole, folder, edit("manifest.json", format_version=1)))


@pytest.mark.parametrize("with_seal", [True, False])
def test_a_plan_of_a_later_format_says_so(whole: bytes, folder: Path, with_seal: bool) -> None:
    """Even where the later format is sealed in another way."""
    path = folder / "later.rdiff"
    content = repacked(whole, folder, edit("manifest.json", format_version=FORMAT_VERSION + 1, members={}))
    path.write_bytes(content if with_seal else content[:-64] + b"1" * 64)
    with pytest.raises(NewerPlan, match="Install the version that wrote it"):
        load_plan(path)


def test_no_value_of_the_plan_stands_in_a_refusal(whole: bytes, folder: Path) -> None:
    error = refuse(folder, repacked(whole, folder, edit("entries.json", action=["Tran"] * 7)))
    assert "Tran" not in str(error)
    assert error.__suppress_context__


def test_the_old_file_stays_whole_when_the_disk_is_full(folder: Path) -> None:
    """The file size that a process may write is limited, which fails as a full disk does."""
    path = folder / "kept.rdiff"
    save_plan(sample_plan(text="before"), path)
    before = path.read_bytes()
    code = (
        "import resource, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from plan_samples import sample_plan\n"
        "from rosterdiff.planning.codec import save_plan\n"
        f"plan = sample_plan(text='after')\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (1000, {resource.RLIM_INFINITY}))\n"
        f"try:\n    save_plan(plan, {str(path)!r})\n"
        "except OSError:\n    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    assert path.read_bytes() == before
    assert not list(folder.glob(".*.part")), "nothing half written is left"


def test_a_plan_file_is_as_private_as_other_files_of_its_writer(folder: Path) -> None:
    path = folder / "mode.rdiff"
    mask = os.umask(0o027)
    try:
        save_plan(sample_plan(), path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_missing_file_is_the_systems_own_error(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_plan(folder / "none.rdiff")


def test_an_empty_plan_comes_back(folder: Path) -> None:
    plan = sample_plan()
    empty = {name: getattr(plan, name).clear() for name in FRAMES}
    sides = {side: type(plan.base)(getattr(plan, side).frame.clear()) for side in ("base", "incoming")}
    bare = Plan(plan_id="", origin="", policy=plan.policy, **empty, **sides)
    save_plan(bare, folder / "empty.rdiff")
    loaded = load_plan(folder / "empty.rdiff")
    assert_same(loaded, bare)
    assert loaded.entries.schema["probability"] == pl.Float64
