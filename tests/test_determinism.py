"""The same inputs give the same plan file, byte for byte, on any number of threads and under any hash seed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from rosterdiff import Context, KnownName, Policy, Roster, make_plan, save_plan
from rosterdiff.matching.candidates import FULL_PAIRS
from rosterdiff.plans import Plan

SYLLABLES = ("ka", "lo", "mi", "ren", "ta", "vo", "shi", "du", "pel", "or", "an", "bri", "gus", "ne", "é", "ñu")
COUNT = 700


def name(number: int, parts: int) -> str:
    """An invented name; nearby numbers have names that resemble each other."""
    found = [SYLLABLES[(number // 16**part) % 16] for part in range(parts)]
    return "".join(found).capitalize()


def school_years() -> tuple[Roster, Roster]:
    """A school and its next year: namesakes, siblings, typos, gaps, leavers, newcomers, doubled rows."""
    people = pl.DataFrame({"n": range(COUNT)}).with_columns(
        given_name=pl.Series([name(n * 7 % 220, 2) for n in range(COUNT)]),
        family_name=pl.Series([name(n * 11 % 330, 3) for n in range(COUNT)]),
        birth_date=pl.date(2010 + pl.col("n") % 9, 1 + pl.col("n") % 12, 1 + pl.col("n") % 28),
        grade=pl.format("{}", 1 + pl.col("n") % 9),
        class_name=pl.format("{}A", 1 + pl.col("n") % 9),
        Bus=pl.when(pl.col("n") % 5 == 0).then(pl.lit("7")),
        email=pl.when(pl.col("n") % 3 == 0).then(pl.format("p{}@x.example", pl.col("n") % 400)),
    )
    later = people[40:].with_columns(
        family_name=pl.when(pl.col("n") % 17 == 0).then(pl.col("family_name").str.slice(1)).otherwise("family_name"),
        birth_date=pl.when(pl.col("n") % 6 != 0).then("birth_date"),
        grade=pl.format("{}", 2 + pl.col("n") % 9),
        class_name=pl.format("{}A", 2 + pl.col("n") % 9),
    )
    new = later[60:90].with_columns(
        given_name=pl.format("Quol{}", pl.col("given_name").str.reverse()),
        family_name=pl.format("Zyw{}", pl.col("family_name").str.reverse()),
        birth_date=pl.date(2019, 1, 1),
        email=pl.lit(None, dtype=pl.String),
    )
    came = pl.concat([later, later[:30], later[30:60].with_columns(given_name=pl.lit("Wendo")), new])
    base = people.with_columns(student_id=pl.format("s{}", (pl.col("n") * 37) % 1009))
    return Roster.from_frame(base.drop("n")), Roster.from_frame(came.drop("n"), source_file="all.csv")


def make() -> Plan:
    base, incoming = school_years()
    names = [KnownName(f"s{n}", "Wendo") for n in range(0, 200, 9)]
    fields = ["class_name", "grade", "Bus", "school"]
    policy = Policy(update_fields=fields, protected=[f"s{n}" for n in range(30)], overwrite_fields=["email", "gender"])
    return make_plan(base, incoming, policy=policy, context=Context(names=names, deleted=base, seats=9000))


def digest_of(plan: Plan, folder: Path) -> str:
    path = folder / "plan.rdiff"
    save_plan(plan, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> str:
    return digest_of(make(), tmp_path_factory.mktemp("here"))


def test_the_rosters_are_large_enough_to_be_blocked_and_doubtful_enough_to_matter() -> None:
    base, incoming = school_years()
    assert len(base) * len(incoming) > FULL_PAIRS
    counts = make().counts
    assert all(counts[action] > 5 for action in ("update", "add", "delete", "review")), counts


def test_a_plan_made_twice_is_the_same_file(here: str, tmp_path: Path) -> None:
    assert digest_of(make(), tmp_path) == here


@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("2", "1"), ("2", "4242")])
def test_another_process_makes_the_same_file(here: str, tmp_path: Path, threads: str, seed: str) -> None:
    environment = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed}
    root = Path(__file__).parent.parent
    ran = subprocess.run(
        [sys.executable, "-m", "tests.test_determinism", str(tmp_path)],
        env={**environment, "PYTHONPATH": os.pathsep.join((str(root), str(root / "src")))},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout.split() == [threads, here], ran.stderr


def test_another_list_is_another_file(here: str, tmp_path: Path) -> None:
    base, incoming = school_years()
    assert digest_of(make_plan(base, Roster.from_frame(incoming.frame[1:])), tmp_path) != here


if __name__ == "__main__":
    print(pl.thread_pool_size(), digest_of(make(), Path(sys.argv[1])))
