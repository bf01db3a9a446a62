"""How a new segment goes in, gaps, and closing up: what gives way, as one edit that undo takes back."""

from __future__ import annotations

import itertools

import pytest

from tests.core.test_boundaries import MADE, TIER, A, B, C
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.annotation.placing import Way, gap_at, nearest_edge, next_gap, placed, ripple_delete
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LinkId, SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.scheme import Overlap

LENGTH = 40


def _new(start: int) -> Annotation:
    return Annotation(AnnotationId("new"), TierId("t"), start, None, "l", MADE)


def _placed(start: int, end: int, way: Way, overlap: Overlap = Overlap.NONE) -> list[tuple[str, int, int]]:
    """What the tier is afterwards, by time; A is 0 to 10, B 10 to 20, C 25 to 30."""
    ids = (AnnotationId(f"cut{n}") for n in itertools.count())
    edit = placed(TIER, _new(start), end, way, lambda: next(ids), overlap, LENGTH)
    return _after(edit)


def _after(edit: Edit) -> list[tuple[str, int, int]]:
    assert all(before in TIER for before in edit.before)
    there = [each for each in TIER if each not in edit.before]
    made = [each for each in edit.after if isinstance(each, Annotation)]
    items = [*there, *made]
    assert len({each.id for each in items}) == len(items)
    return sorted((str(each.id), each.interval.start_ns, each.interval.end_ns) for each in items)


def test_it_finds_room_unless_another_way_is_chosen() -> None:
    assert ("new", 21, 25) in _placed(21, 28, Way.ROOM)
    with pytest.raises(WozError, match="segment here already"):
        _placed(12, 18, Way.ROOM)


def test_what_it_replaces_is_cut_and_nothing_else_moves() -> None:
    assert _placed(5, 12, Way.REPLACE) == [("a", 0, 5), ("b", 12, 20), ("c", 25, 30), ("new", 5, 12)]
    assert _placed(12, 15, Way.REPLACE) == [
        ("a", 0, 10),
        ("b", 10, 12),
        ("c", 25, 30),
        ("cut0", 15, 20),
        ("new", 12, 15),
    ]
    assert _placed(8, 35, Way.REPLACE) == [("a", 0, 8), ("new", 8, 35)]


def test_it_fills_its_gap_from_edge_to_edge() -> None:
    assert ("new", 20, 25) in _placed(22, 23, Way.FILL)
    assert ("new", 30, LENGTH) in _placed(33, 34, Way.FILL)
    with pytest.raises(WozError, match="no gap here"):
        _placed(12, 18, Way.FILL)


def test_what_comes_after_it_goes_later_by_its_length() -> None:
    assert _placed(10, 14, Way.RIPPLE) == [("a", 0, 10), ("b", 14, 24), ("c", 29, 34), ("new", 10, 14)]
    assert _placed(15, 17, Way.RIPPLE) == [
        ("a", 0, 10),
        ("b", 10, 15),
        ("c", 27, 32),
        ("cut0", 17, 22),
        ("new", 15, 17),
    ]
    with pytest.raises(WozError, match="leave the session"):
        _placed(10, 30, Way.RIPPLE)


def test_where_segments_may_overlap_nothing_gives_way() -> None:
    for way in Way:
        assert _placed(5, 28, way, Overlap.ANY) == [("a", 0, 10), ("b", 10, 20), ("c", 25, 30), ("new", 5, 28)]


def test_closing_up_takes_out_the_time_of_the_segment() -> None:
    assert _after(ripple_delete(TIER, B)) == [("a", 0, 10), ("c", 15, 20)]
    assert _after(ripple_delete(TIER, C)) == [("a", 0, 10), ("b", 10, 20)]
    assert ripple_delete(TIER, A).inverse().after == (A, B, C)


def test_links_of_a_segment_go_with_it_where_one_alone_closes_up() -> None:
    """They would say something that nobody said, led to whichever segment comes next."""
    other = ItemRef("annotation", "elsewhere")
    links = [
        Link(LinkId(name), SessionId("s"), "corrects", source, target, MADE)
        for name, source, target in (("of b", ref_to(B), other), ("of c", ref_to(C), other))
    ]
    edit = with_links(ripple_delete(TIER, B, links), links)
    assert [each for each in edit.before if isinstance(each, Link)] == links[:1]
    assert [each for each in edit.after if isinstance(each, Link)] == []
    assert _after(ripple_delete(TIER, B)) == [("a", 0, 10), ("c", 15, 20)]


def test_gaps_are_found_both_ways_to_the_sessions_end() -> None:
    assert next_gap(TIER, 0, 1, LENGTH, 1) == (20, 25)
    assert next_gap(TIER, 20, 1, LENGTH, 1) == (30, LENGTH)
    assert next_gap(TIER, 30, 1, LENGTH, 1) is None
    assert next_gap(TIER, 30, -1, LENGTH, 1) == (20, 25)
    assert next_gap(TIER, 20, -1, LENGTH, 1) is None
    assert next_gap(TIER, 0, 1, LENGTH, 6) == (30, LENGTH)
    assert next_gap((), -1, 1, LENGTH, 1) == (0, LENGTH)
    assert gap_at((), 7, LENGTH) == (0, LENGTH)
    assert nearest_edge([3, 9], 8, 1) == 9
    assert nearest_edge([3, 9], 6, 1) is None
