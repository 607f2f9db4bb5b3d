"""Two rosters → a plan: the stages in their order, with no logic of their own.

Invariants: the rosters are put in the order of their content first, and the rows get their former numbers last, so that
the plan does not depend on the order in which rows came.
"""

from functools import partial

from rosterdiff.config import Policy
from rosterdiff.frames import Context, Roster, in_content_order, require_base
from rosterdiff.matching import MatchOptions, Model, find_duplicate_rows, match_rosters, shipped_model
from rosterdiff.model import Pool
from rosterdiff.planning import Inputs, Resemblances, assemble_plan, classify, recall
from rosterdiff.plans import Plan


def make_plan(
    base: Roster,
    incoming: Roster,
    *,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    context: Context = Context(),  # noqa: B008 - frozen
    model: Model | None = None,
) -> Plan:
    """Work out who is who, and what to do with every student and every row.

    Args:
        base: the roster that the host has now; every student with an id of his own.
        incoming: the roster that was uploaded, usually from `compile_uploads`.
        policy: what the plan may do and how sure it must be.
        context: what the host knows besides.
        model: how much each agreement weighs (`Model.fit`, `Model.load`); the shipped one by default.

    Returns:
        The plan; the same for the same inputs, whatever the order of their rows.

    Raises:
        InvalidRoster: students of the base without id, or with the same.

    >>> import polars as pl
    >>> base = Roster.from_frame(pl.DataFrame({"student_id": ["s1"], "given_name": ["Ada"], "family_name": ["Byte"]}))
    >>> make_plan(base, base).counts
    {'keep': 1, 'update': 0, 'add': 0, 'delete': 0, 'review': 0}

    """
    known, _ = in_content_order(require_base(base), "student_id")
    came, former_rows = in_content_order(incoming)
    remembered = recall(known, came, context)
    weights = model or shipped_model()
    options = MatchOptions(
        mode=policy.mode,
        floor=policy.review,
        names=context.names,
        rejected=remembered.rejected,
        ignored=remembered.ignored,
        fixed=remembered.same,
        evidence=policy.evidence,
        model=weights,
    )
    matches = match_rosters(known, came, options)
    elsewhere = MatchOptions(mode=policy.mode, floor=0.5, evidence=policy.evidence, model=weights)
    others = {
        pool: (match_rosters(ordered, came, elsewhere).pairs, ordered)
        for pool, roster in ((Pool.DELETED, context.deleted), (Pool.ELSEWHERE, context.elsewhere))
        if roster is not None and len(roster) > 0
        for ordered, _ in [in_content_order(require_base(roster), "student_id")]
    }
    resemblances = Resemblances(
        deleted=others[Pool.DELETED][0] if Pool.DELETED in others else None,
        elsewhere=others[Pool.ELSEWHERE][0] if Pool.ELSEWHERE in others else None,
        duplicates=partial(find_duplicate_rows, came),
    )
    classified = classify(matches.pairs, (known, came), policy, remembered, resemblances)
    inputs = Inputs(
        base=known,
        incoming=came,
        policy=policy,
        context=context,
        remembered=remembered,
        given=(base, incoming),
        former=former_rows,
        model=None if weights.digest == shipped_model().digest else weights.digest,
    )
    return assemble_plan(inputs, classified, matches.steps, others, matches.indistinguishable)
