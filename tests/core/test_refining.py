"""In which order edges are looked at again."""

from __future__ import annotations

from woz.annotation.presses import Presses
from woz.annotation.proposals.drafts import END_SPREAD
from woz.annotation.refining import by_doubt, edges_of
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import UNSURE

MADE = Made(Origin.MANUAL, "ada", 5)


def _item(
    name: str, start: int | None, end: int | None, *attributes: Attribute, sure: float | None = None
) -> Annotation:
    return Annotation(AnnotationId(name), TierId("t"), start, end, "x", MADE, attributes, confidence=sure)


def test_edges_that_touch_are_one() -> None:
    items = [_item("b", 10, 20), _item("a", 0, 10), _item("p", 15, None), _item("s", None, None)]
    assert [(edge.place, edge.t_ns) for edge in edges_of(items)] == [
        (("a", True), 0),
        (("b", True), 10),
        (("p", True), 15),
        (("b", False), 20),
    ]


def test_the_most_doubtful_edge_comes_first() -> None:
    items = [
        _item("sure", 0, 10, sure=0.9),
        _item("spread", 20, 30, Attribute(END_SPREAD, NS_PER_S // 2)),
        _item("unsure", 40, 50, Attribute(UNSURE, True)),
        _item("quick", 60, 70),
    ]
    presses = Presses()
    presses.add("quick", True, 65, 3.0)
    order = [edge.place for edge in by_doubt(edges_of(items), lambda edge: presses.doubt(*edge.place))]
    assert order[:5] == [("unsure", True), ("unsure", False), ("quick", True), ("spread", False), ("sure", True)]
    presses.settle("quick", True, 62)
    assert presses.doubt("quick", True) == 0
