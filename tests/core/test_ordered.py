"""Items by time: the edge before or after a time is the one that a look at all of them finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from woz.annotation.ordered import Ordered
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

MADE = Made(Origin.MANUAL, "ada", 5)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=12)
"""Where each begins and how long it lasts; they may overlap, and some are points."""


def _items(spans: list[tuple[int, int]]) -> list[Annotation]:
    return [
        Annotation(AnnotationId(f"i{n}"), TierId("t"), start, start + length if length else None, "x", MADE)
        for n, (start, length) in enumerate(spans)
    ]


@given(SPANS, st.integers(-1, 95))
def test_the_nearest_edges_are_found(spans: list[tuple[int, int]], t_ns: int) -> None:
    items = Ordered(_items(spans))
    edges = [t for start, length in spans for t in (start, start + length)]
    assert items.edge_after(t_ns) == min((t for t in edges if t > t_ns), default=None)
    assert items.edge_before(t_ns) == max((t for t in edges if t < t_ns), default=None)


@given(SPANS.filter(bool), st.integers(0, 95))
def test_also_after_some_went(spans: list[tuple[int, int]], t_ns: int) -> None:
    made = _items(spans)
    items = Ordered(made)
    items.remove(made[0])
    edges = [t for start, length in spans[1:] for t in (start, start + length)]
    assert items.edge_after(t_ns) == min((t for t in edges if t > t_ns), default=None)
    assert items.edge_before(t_ns) == max((t for t in edges if t < t_ns), default=None)
