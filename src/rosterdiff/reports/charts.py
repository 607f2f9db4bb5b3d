"""Charts of plans and explanations, for notebooks and reports; needs the extra `charts` (Altair).

Invariants: each function returns a chart, which saves itself as PNG, SVG or HTML: `chart.save("weights.svg")`, and
`chart.save("weights.html", inline=True)` for a page that needs no network. What it draws was counted before, so that a
chart of a million rows is as small as one of a hundred. No chart holds a value of a student; `coverage` names classes.
"""

from typing import Final

import altair as alt
import polars as pl

from rosterdiff.evidence import Explanation
from rosterdiff.levels import TogetherLevel
from rosterdiff.model import Action, Pool
from rosterdiff.plans import Plan
from rosterdiff.sentences import ACTIONS, comparison_label, level_phrase

Chart = alt.Chart | alt.LayerChart | alt.FacetChart
"""What a function here gives."""

_COLOURS: Final = {
    Action.REVIEW: "#b7791f",
    Action.DELETE: "#c53030",
    Action.ADD: "#2f855a",
    Action.UPDATE: "#2b6cb0",
    Action.KEEP: "#718096",
}
_FOR, _AGAINST, _INK = "#2b6cb0", "#c53030", "#1f2933"
_SILENT: Final = frozenset({"missing", TogetherLevel.APART.value})
_MOST_BITS: Final = 30.0  # beyond it a doubt is below one in a thousand million
_WIDTH: Final = 520


def waterfall(explanation: Explanation, rank: int = 1) -> Chart:
    """Draw how the weights of the fields add up to the weight of a candidate.

    Args:
        explanation: what `explain` gives.
        rank: which candidate; 1 is the best.

    Raises:
        LookupError: the row has no such candidate.

    """
    candidate = next((each for each in explanation.candidates if each.rank == rank), None)
    if candidate is None:
        raise LookupError(f"The row has {len(explanation.candidates)} candidates, and none of rank {rank}.")
    told = [field for field in candidate.fields if field.level not in _SILENT or field.weight]
    steps = pl.DataFrame(
        {
            "field": [comparison_label(field.comparison) for field in told],
            "found": [level_phrase(field.comparison, field.level) for field in told],
            "before": [field.total - field.weight for field in told],
            "after": [field.total for field in told],
            "end": [max(field.total, field.total - field.weight) for field in told],
            "bits": [field.weight for field in told],
        }
    )
    bars = (
        alt.Chart(steps, width=_WIDTH, title=f"Row {explanation.row}, candidate {rank}: {candidate.weight:+.1f} bits")
        .mark_bar()
        .encode(
            x=alt.X("before:Q", title="Bits for the same child"),
            x2="after:Q",
            y=alt.Y("field:N", sort=None, title=None),
            color=alt.condition("datum.bits >= 0", alt.value(_FOR), alt.value(_AGAINST)),
            tooltip=["field", "found", alt.Tooltip("bits", format="+.1f"), alt.Tooltip("after", format="+.1f")],
        )
    )
    words = (
        alt.Chart(steps)
        .mark_text(align="left", dx=6, color=_INK)
        .encode(x="end:Q", y=alt.Y("field:N", sort=None), text=alt.Text("bits:Q", format="+.1f"))
    )
    return alt.layer(bars, words)


def weights(plan: Plan) -> Chart:
    """Draw how sure the best candidates of the rows are, by what became of the row, with both thresholds.

    Sureness is the log2 odds of the probability: 0 bits is even, 6.6 bits is 99 %, and it ends at 30 bits.

    Args:
        plan: a plan, resolved or not.

    """
    found = _best(plan).with_columns(_odds(pl.col("probability")).alias("bits"))
    counted = found.group_by(pl.col("bits").floor().alias("from"), "action").len("rows").sort("from", "action")
    binned = counted.with_columns((pl.col("from") + 1).alias("to"), _titles(pl.col("action")).alias("what"))
    bars = (
        alt.Chart(binned, width=_WIDTH, title="How sure the best candidate of each row is")
        .mark_bar()
        .encode(
            x=alt.X("from:Q", bin="binned", title="Log2 odds (bits)"),
            x2="to:Q",
            y=alt.Y("sum(rows):Q", title="Rows"),
            color=alt.Color("what:N", title=None, scale=_action_scale(binned["what"])),
            tooltip=["what", "from", "to", "rows"],
        )
    )
    thresholds = pl.DataFrame(
        {"threshold": ["review", "accept"], "probability": [plan.policy.review, plan.policy.accept]}
    ).with_columns(_odds(pl.col("probability")).alias("bits"))
    rules = alt.Chart(thresholds).mark_rule(strokeDash=[4, 3], color=_INK).encode(
        x="bits:Q", tooltip=["threshold", "probability"]
    )  # fmt: skip
    names = rules.mark_text(align="left", dx=4, y=10, color=_INK).encode(text="threshold:N")
    return alt.layer(bars, rules, names)


def thresholds(plan: Plan) -> Chart:
    """Draw the review load against the expected wrong matches, as the threshold of accepting moves.

    It is what would come if the probability alone decided: a row is matched from the threshold on, and reviewed below.
    The plan is stricter, since names and margins count as well. The policy's own threshold is marked.

    Args:
        plan: an unresolved plan.

    """
    best = _best(plan).filter(pl.col("probability") >= plan.policy.review)["probability"]
    rows = max(len(plan.incoming), 1)
    grid = sorted({*(1 - 0.5 ** (step / 2) for step in range(1, 30)), plan.policy.accept})
    curve = pl.DataFrame(
        {
            "threshold": grid,
            "review": [float((best < at).sum()) / rows for at in grid],
            "wrong": [float((1 - best.filter(best >= at)).sum()) / rows * 10_000 for at in grid],
            "own": [at == plan.policy.accept for at in grid],
            "label": [f"accept at {at * 100:g} %" if at == plan.policy.accept else "" for at in grid],
        }
    )
    line = (
        alt.Chart(curve, width=_WIDTH, title="Review load against wrong matches, by the probability alone")
        .mark_line(point=True, color=_FOR)
        .encode(
            x=alt.X("review:Q", title="Rows to review", axis=alt.Axis(format="%")),
            y=alt.Y("wrong:Q", title="Expected wrong matches in 10,000 rows", scale=alt.Scale(type="symlog")),
            order="threshold:Q",
            tooltip=[
                alt.Tooltip("threshold", format=".4f"),
                alt.Tooltip("review", format=".2%"),
                alt.Tooltip("wrong", format=".2f"),
            ],
        )
    )
    own = line.transform_filter("datum.own").mark_point(size=160, filled=True, color=_AGAINST)
    name = own.mark_text(align="left", dx=10, dy=-10, color=_INK).encode(text=alt.Text("label:N"))
    return alt.layer(line, own, name)


def coverage(plan: Plan) -> Chart:
    """Draw for every class how many of its students were found, are in review or in no list, and who is new.

    Args:
        plan: a plan, resolved or not.

    """
    parts = {"found": "Found", "in_review": "In review", "not_listed": "In no list", "new": "New"}
    named = plan.coverage.with_columns(
        pl.concat_str(
            "school", pl.col("grade").cast(pl.String), "class_name", separator=" ", ignore_nulls=True
        ).alias("class")
    )  # fmt: skip
    long = named.select("class", *parts).unpivot(index="class", variable_name="part", value_name="students")
    place = pl.col("part").replace_strict({name: at for at, name in enumerate(parts)}).alias("place")
    told = long.filter(pl.col("students") > 0).with_columns(pl.col("part").replace(parts), place)
    colours = [_FOR, _COLOURS[Action.REVIEW], _COLOURS[Action.DELETE], _COLOURS[Action.ADD]]
    chart: Chart = (
        alt.Chart(told, width=_WIDTH, title="Students by class")
        .mark_bar()
        .encode(
            x=alt.X("students:Q", title="Students"),
            y=alt.Y("class:N", sort=None, title=None),
            color=alt.Color("part:N", title=None, scale=alt.Scale(domain=list(parts.values()), range=colours)),
            order=alt.Order("place:Q"),
            tooltip=["class", "part", "students"],
        )
    )
    return chart


def calibration(pairs: pl.DataFrame, truth: pl.DataFrame, bins: int = 10) -> Chart:
    """Draw how often pairs of each probability are right, on labelled rosters.

    Args:
        pairs: what `link` gives: `row`, `student_id`, `probability`.
        truth: the true pairs: `row`, `student_id`.
        bins: how many bins of equal width there are.

    """
    right = pairs.join(truth.select("row", "student_id", right=pl.lit(1.0)), on=["row", "student_id"], how="left")
    lower = (pl.col("probability") * bins).floor().clip(0, bins - 1) / bins
    found = right.group_by(lower.alias("from")).agg(
        pl.col("probability").mean().alias("said"),
        pl.col("right").fill_null(0.0).mean().alias("seen"),
        pl.len().alias("pairs"),
    )
    points = (
        alt.Chart(found.sort("from"), width=_WIDTH, height=_WIDTH, title="Calibration")
        .mark_point(filled=True, color=_FOR)
        .encode(
            x=alt.X("said:Q", title="Probability that was given", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("seen:Q", title="Share that is right", scale=alt.Scale(domain=[0, 1])),
            size=alt.Size("pairs:Q", title="Pairs", scale=alt.Scale(type="log", range=[20, 400])),
            tooltip=[alt.Tooltip("said", format=".3f"), alt.Tooltip("seen", format=".3f"), "pairs"],
        )
    )
    ideal = pl.DataFrame({"said": [0.0, 1.0], "seen": [0.0, 1.0]})
    line = alt.Chart(ideal).mark_line(strokeDash=[4, 3], color=_INK).encode(x="said:Q", y="seen:Q")
    return alt.layer(line, points)


def _best(plan: Plan) -> pl.DataFrame:
    """For each row with a candidate of the base the probability of the best one, and what became of the row."""
    of_base = plan.candidates.filter(pl.col("pool") == Pool.BASE.value)
    best = of_base.group_by("row").agg(pl.col("probability").max())
    return best.join(plan.entries.select("row", "action").drop_nulls("row"), on="row", how="left").sort("row")


def _odds(probability: pl.Expr) -> pl.Expr:
    """Probabilities as log2 odds in bits, within the chart."""
    return (probability / (1 - probability)).log(2).clip(-_MOST_BITS, _MOST_BITS - 0.001)


def _titles(action: pl.Expr) -> pl.Expr:
    return action.cast(pl.String).replace({each.value: ACTIONS[each].title for each in Action})


def _action_scale(titles: pl.Series) -> alt.Scale:
    shown = [action for action in Action if ACTIONS[action].title in set(titles)]
    return alt.Scale(domain=[ACTIONS[a].title for a in shown], range=[_COLOURS[a] for a in shown])
