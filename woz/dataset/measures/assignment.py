"""The cheapest way to give each row a column of its own (Kuhn 1955, by shortest augmenting paths)."""

from __future__ import annotations

import numpy as np

Costs = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def assigned(costs: Costs) -> list[int] | None:
    """A column for each row, rows by columns with no more rows than columns; infinite costs are never paid.

    None where there is no such assignment. Ties go to the first column.
    """
    rows, columns = costs.shape
    u, v = np.zeros(rows), np.zeros(columns + 1)
    owner = np.full(columns + 1, -1)
    """The last column is where each row's path begins."""
    for row in range(rows):
        owner[columns] = row
        way = _path(costs, u, v, owner)
        if way is None:
            return None
        for column, before in way:
            owner[column] = owner[before]
    found = [-1] * rows
    for column, row in enumerate(owner[:columns]):
        if row >= 0:
            found[int(row)] = column
    return found


def _path(costs: Costs, u: Costs, v: Costs, owner: np.ndarray) -> list[tuple[int, int]] | None:
    """The columns that change hands, from a free one back to the start; the prices are moved along."""
    columns = costs.shape[1]
    least = np.full(columns, np.inf)
    came = np.full(columns, columns)
    used = np.zeros(columns + 1, dtype=bool)
    at = columns
    while owner[at] >= 0 and not used[at]:
        used[at] = True
        free = ~used[:columns]
        reached = costs[owner[at]] - u[owner[at]] - v[:columns]
        nearer = free & (reached < least)
        least[nearer], came[nearer] = reached[nearer], at
        open_to = np.where(free, least, np.inf)
        at = int(open_to.argmin())
        step = open_to[at]
        if not np.isfinite(step):
            return None
        u[owner[used]] += step
        v[used] -= step
        least[free] -= step
    way = []
    while at != columns:
        way.append((at, int(came[at])))
        at = int(came[at])
    return way
