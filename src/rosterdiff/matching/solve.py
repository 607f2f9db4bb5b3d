"""Connected components of pairs solved one by one: who has whom, and what it would cost to forbid it.

Invariants: a component is three arrays (rows, students, values in 1/1000 bit) of equal length, values above 0; either
side may stay without partner, at value 0; the result does not depend on how a component came to be found.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, min_weight_full_bipartite_matching

Integers: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float64]
Component: TypeAlias = tuple[Integers, Integers, Integers]
Graph: TypeAlias = tuple[Integers, Integers, Numbers]

DENSE_CELLS: Final = 4_000_000
"""Components of up to this many cells are solved as dense matrices, larger ones as sparse graphs."""

WALK_NODES: Final = 64
"""Components of up to this many nodes find all margins at once (Floyd–Warshall); larger ones one row at a time."""

WALK_ROWS: Final = 1_500
"""Tangles of up to this many rows are walked from every row; larger ones are cut first."""

MOST_MARGIN: Final = 30_000
"""Margins are exact up to 30 bits; beyond that nothing asks for them."""


def solve_components(rows: Integers, students: Integers, values: Integers) -> Component:
    """Solve every connected component: the chosen rows and students, and the margin of each pair, one array each."""
    solved = [_solve(*component) for component in _components(rows, students, values)]
    chosen_rows, chosen_students, margins = (np.concatenate(parts) for parts in zip(*solved, strict=True))
    return chosen_rows, chosen_students, margins


def _components(rows: Integers, students: Integers, values: Integers) -> Iterator[Component]:
    """Split pairs into connected components."""
    row_names, r = np.unique(rows, return_inverse=True)
    student_names, s = np.unique(students, return_inverse=True)
    nodes = len(row_names) + len(student_names)
    graph = csr_array((np.ones(len(r), np.int8), (r, s + len(row_names))), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels[r], kind="stable")
    cuts = np.flatnonzero(np.diff(labels[r][order])) + 1
    for edges in np.split(order, cuts):
        yield rows[edges], students[edges], values[edges]


def _solve(rows: Integers, students: Integers, values: Integers) -> Component:
    """Solve one component: the chosen rows and students, and the margin of each."""
    row_names, r = np.unique(rows, return_inverse=True)
    student_names, s = np.unique(students, return_inverse=True)
    shape = (len(row_names), len(student_names))
    partner = _best_partners(r, s, values, shape)
    chosen = partner[r] == s
    margins = _margins(r, s, values, chosen, shape)
    at = np.flatnonzero(chosen)
    return row_names[r[at]], student_names[s[at]], margins


def _best_partners(r: Integers, s: Integers, values: Integers, shape: tuple[int, int]) -> Integers:
    """For each row the student of the assignment, or -1."""
    partner: Integers = np.full(shape[0], -1, dtype=np.int64)
    if shape[0] * shape[1] <= DENSE_CELLS:
        matrix = np.zeros(shape, dtype=np.float64)
        matrix[r, s] = values
        at, to = linear_sum_assignment(matrix, maximize=True)
        taken = matrix[at, to] > 0
        partner[at[taken]] = to[taken]
        return partner
    graph = _with_own_places(r, s, values, shape)
    rows, places = min_weight_full_bipartite_matching(graph, maximize=True)
    partner[rows] = np.where(places < shape[1], places, -1)
    return partner


def _with_own_places(r: Integers, s: Integers, values: Integers, shape: tuple[int, int]) -> "csr_array[Any]":
    """The pairs as a graph in which every row may instead take a place of its own, so that all rows can be matched.

    All values are raised by 1, because a graph has no edge of weight 0; every row has one edge, so it changes nothing.
    """
    rows, students = shape
    alone = np.arange(rows)
    weights = np.concatenate([values + 1, np.ones(rows)]).astype(np.float64)
    tails, heads = np.concatenate([r, alone]), np.concatenate([s, alone + students])
    return _sparse(tails, heads, weights, (rows, students + rows))


def _margins(
    r: Integers, s: Integers, values: Integers, chosen: npt.NDArray[np.bool_], shape: tuple[int, int]
) -> Integers:
    """The loss in total value if each chosen pair were forbidden, in the order of the pairs.

    Forbidding a pair leads to the cheapest way from its row to its student in the residual graph, in which a row may go
    to any other student of its pairs (gaining the value), a student to the row that has it (giving the value back), and
    both to and from a node that stands for no partner. A way by that node is one of two distances from and to it; any
    other is a circle among the rows, each of which takes the student of the next, and its cost is the loss.
    """
    rows, students = shape
    nobody = rows + students
    free_student = np.setdiff1d(np.arange(students), s[chosen])
    free_row = np.setdiff1d(np.arange(rows), r[chosen])
    each_row, each_student = np.arange(rows), np.arange(students)
    ways: list[tuple[Integers, Integers, Integers]] = [
        (r[~chosen], s[~chosen] + rows, -values[~chosen]),
        (s[chosen] + rows, r[chosen], values[chosen]),
        (each_row, np.full(rows, nobody), np.zeros(rows, np.int64)),
        (np.full(students, nobody), each_student + rows, np.zeros(students, np.int64)),
        (free_student + rows, np.full(len(free_student), nobody), np.zeros(len(free_student), np.int64)),
        (np.full(len(free_row), nobody), free_row, np.zeros(len(free_row), np.int64)),
    ]
    tails, heads, costs = (np.concatenate(parts) for parts in zip(*ways, strict=True))
    graph = (tails, heads, costs.astype(np.float64))
    sources, targets = r[chosen], s[chosen] + rows
    if nobody < WALK_NODES:
        return values[chosen] + _all_distances(*graph, nobody + 1)[sources, targets].astype(np.int64)
    potential = _potentials(graph, nobody + 1)
    reduced = graph[2] + potential[tails] - potential[heads]
    by_nobody = _by_one_node((tails, heads, reduced), nobody, sources, targets)
    first_chosen = len(r) - len(sources)
    owner, back = np.full(students, -1), np.zeros(students)
    owner[s[chosen]], back[s[chosen]] = r[chosen], reduced[first_chosen : first_chosen + len(sources)]
    taken = np.flatnonzero(owner[s[~chosen]] >= 0)
    there = s[~chosen][taken]
    circles = _shortest_circles((r[~chosen][taken], owner[there], reduced[taken] + back[there]), rows)
    by_nobody += values[chosen] - potential[sources] + potential[targets]
    return np.minimum(by_nobody, circles[sources]).astype(np.int64)


def _all_distances(tails: Integers, heads: Integers, costs: Numbers, nodes: int) -> Numbers:
    distances = np.full((nodes, nodes), np.inf)
    np.fill_diagonal(distances, 0.0)
    np.minimum.at(distances, (tails, heads), costs)
    for via in range(nodes):
        np.minimum(distances, distances[:, via, None] + distances[None, via, :], out=distances)
    return distances


def _by_one_node(graph: Graph, node: int, sources: Integers, targets: Integers) -> Numbers:
    """The cheapest way from each source to its target by one node, with costs that are not negative."""
    tails, heads, costs = graph
    nodes = int(max(tails.max(), heads.max())) + 1
    at = np.array([node])
    there = dijkstra(_sparse(heads, tails, costs, (nodes, nodes)), directed=True, indices=at)[0]
    back = dijkstra(_sparse(tails, heads, costs, (nodes, nodes)), directed=True, indices=at)[0]
    found: Numbers = np.asarray(there[sources] + back[targets], dtype=np.float64)
    return found


def _shortest_circles(graph: Graph, nodes: int) -> Numbers:
    """The cheapest circle through each node, infinite where there is none below `MOST_MARGIN`.

    A circle lies in one strongly connected part of the graph. A part too large to be walked loses its dearest edges
    until it falls apart; its nodes get what was left out as their bound, which is never more than the truth.
    """
    found = np.full(nodes, np.inf)
    pending = [(graph, float(MOST_MARGIN))]
    while pending:
        (tails, heads, costs), bound = pending.pop()
        near = costs <= bound
        tails, heads, costs = tails[near], heads[near], costs[near]
        for names, part in _strong_parts((tails, heads, costs)):
            if len(names) <= WALK_ROWS:
                circles = _circles_of(part, len(names))
                found[names] = np.minimum(found[names], circles)
            elif bound == 0:
                found[names] = 0.0
            else:
                smaller = bound // 2 if bound >= 2 else 0.0
                found[names] = np.minimum(found[names], smaller)
                pending.append(((names[part[0]], names[part[1]], part[2]), smaller))
    return found


def _strong_parts(graph: Graph) -> Iterator[tuple[Integers, Graph]]:
    """The strongly connected parts of several nodes: the names of the nodes, and the edges by their places."""
    tails, heads, costs = graph
    if len(tails) == 0:
        return
    names, ends = np.unique(np.concatenate([tails, heads]), return_inverse=True)
    tail, head = ends[: len(tails)], ends[len(tails) :]
    edges = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(len(names), len(names)))
    _, labels = connected_components(edges, directed=True, connection="strong")
    inner = np.flatnonzero(labels[tail] == labels[head])
    order = inner[np.argsort(labels[tail[inner]], kind="stable")]
    for part in np.split(order, np.flatnonzero(np.diff(labels[tail[order]])) + 1):
        if len(part):
            own, places = np.unique(np.concatenate([tail[part], head[part]]), return_inverse=True)
            yield names[own], (places[: len(part)], places[len(part) :], costs[part])


def _circles_of(part: Graph, nodes: int) -> Numbers:
    """The cheapest circle through each node of a small graph: out by an edge, and back by the shortest way."""
    tails, heads, costs = part
    if nodes <= WALK_NODES:
        distances = _all_distances(tails, heads, costs, nodes)
    else:
        distances = dijkstra(_sparse(tails, heads, costs, (nodes, nodes)), directed=True)
    circles = np.full(nodes, np.inf)
    np.minimum.at(circles, tails, costs + distances[heads, tails])
    return circles


def _potentials(graph: Graph, nodes: int) -> Numbers:
    """The distances from one more node that reaches all others at no cost (Johnson's algorithm, by Bellman–Ford).

    All edges are relaxed at once until nothing improves, which takes as many rounds as a cheapest way has edges, and
    not as many as there are nodes. No circle costs less than nothing, because the assignment is the best.
    """
    tails, heads, costs = graph
    potential: Numbers = np.zeros(nodes)
    while True:
        improved = potential.copy()
        np.minimum.at(improved, heads, potential[tails] + costs)
        if np.array_equal(improved, potential):
            return potential
        potential = improved


def _sparse(tails: Integers, heads: Integers, costs: Numbers, shape: tuple[int, int]) -> "csr_array[Any]":
    """A graph as a sparse matrix; explicit zeros are edges, as `scipy.sparse.csgraph` reads them.

    Positions are 32-bit: older versions of scipy's graph routines take no others.
    """
    return csr_array((costs, (tails.astype(np.int32), heads.astype(np.int32))), shape=shape)
