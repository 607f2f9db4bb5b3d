"""Charts are made of counts, are valid, save themselves without the network, and show what the plan says."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from plan_builder import school_plan
from rosterdiff.planning import explain

charts = pytest.importorskip("rosterdiff.reports.charts", reason="needs the extra `charts`")

DRAWN = {
    "waterfall": lambda: charts.waterfall(explain(school_plan(), 0)),
    "weights": lambda: charts.weights(school_plan()),
    "thresholds": lambda: charts.thresholds(school_plan()),
    "coverage": lambda: charts.coverage(school_plan()),
    "calibration": lambda: charts.calibration(*labelled()),
}


def labelled() -> tuple[pl.DataFrame, pl.DataFrame]:
    pairs = pl.DataFrame(
        {"row": range(100), "student_id": [str(n) for n in range(100)], "probability": [n / 100 for n in range(100)]}
    )
    return pairs, pairs.filter(pl.col("row") >= 50)


def data_of(chart: Any) -> list[list[dict[str, Any]]]:
    return list(chart.to_dict()["datasets"].values())


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_saves_itself_as_svg_png_and_html(name: str, tmp_path: Path) -> None:
    chart = DRAWN[name]()
    for suffix, beginning in (("svg", b"<svg"), ("png", b"\x89PNG"), ("html", b"<!DOCTYPE html>")):
        chart.save(str(tmp_path / f"chart.{suffix}"), **({"inline": True} if suffix == "html" else {}))
        assert (tmp_path / f"chart.{suffix}").read_bytes().lstrip().startswith(beginning)
    assert not re.search(r"<script[^>]* src=", (tmp_path / "chart.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(set(DRAWN) - {"coverage"}))
def test_no_value_of_a_student_is_in_a_chart(name: str) -> None:
    drawn = str(DRAWN[name]().to_dict())
    assert not [value for value in ("Tamsyn", "Orrell", "2016-03-04", "1001") if value in drawn]


def test_the_steps_of_a_waterfall_meet_and_end_at_the_weight() -> None:
    explanation = explain(school_plan(), 0)
    (steps,) = data_of(charts.waterfall(explanation))
    assert [step["before"] for step in steps[1:]] == pytest.approx([step["after"] for step in steps[:-1]])
    assert steps[-1]["after"] == pytest.approx(explanation.candidates[0].weight)


def test_a_candidate_that_a_row_does_not_have_is_refused() -> None:
    with pytest.raises(LookupError, match="none of rank 9"):
        charts.waterfall(explain(school_plan(), 0), rank=9)


def test_a_higher_threshold_means_more_review_and_fewer_wrong_matches() -> None:
    (curve,) = data_of(charts.thresholds(school_plan()))
    assert [line["review"] for line in curve] == sorted(line["review"] for line in curve)
    assert [line["wrong"] for line in curve] == sorted((line["wrong"] for line in curve), reverse=True)
    assert [line["threshold"] for line in curve if line["own"]] == [school_plan().policy.accept]
    assert [line["label"] for line in curve if line["own"]] == ["accept at 99 %"]
    assert not any(line["label"] for line in curve if not line["own"])


def test_the_rows_of_the_chart_of_weights_are_those_with_a_candidate() -> None:
    bars = next(rows for rows in data_of(charts.weights(school_plan())) if "rows" in rows[0])
    assert sum(bar["rows"] for bar in bars) == 4


def test_the_chart_of_coverage_has_the_numbers_of_the_plan() -> None:
    (bars,) = data_of(charts.coverage(school_plan()))
    assert {(bar["class"], bar["part"]): bar["students"] for bar in bars} == {
        ("02 2A", "In review"): 3,
        ("03 3A", "Found"): 2,
        ("03 3A", "In review"): 3,
        ("06 6A", "In no list"): 1,
        ("04 4A", "New"): 1,
    }


def test_calibration_counts_the_pairs_of_each_bin_and_how_many_are_right() -> None:
    bins = next(rows for rows in data_of(charts.calibration(*labelled())) if "pairs" in rows[0])
    assert [line["pairs"] for line in bins] == [10] * 10
    assert [line["seen"] for line in bins] == [0.0] * 5 + [1.0] * 5
