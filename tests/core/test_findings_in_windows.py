"""What a tier that is given in windows lacks: in them, and by what of an annotation lies inside."""

from __future__ import annotations

import pytest

from tests.core.scheme_room import S, link, mark, scheme, tier
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import TierId
from woz.model.kinds import Item
from woz.model.scheme import Scheme
from woz.schemes.demands.findings import findings

STEPS = "tier types:\n  - key: steps\n    labels: [{id: a}]\n"
FILLED = STEPS + "    cover: partition\n"
PARENT = """
tier types:
  - {key: tasks, labels: [{id: t}]}
  - {key: steps, labels: [{id: a}], parent: {tier type: tasks, relation: RELATION, level: error}}
"""
LINKS = STEPS + "links: [{key: c, from: [steps], to: [turn]}]\n"
GIVEN = (Interval(10 * S, 20 * S), Interval(40 * S, 50 * S))


def _told(of: Scheme, *items: Item, given: tuple[Interval, ...] = GIVEN, duration_s: int | None = 60) -> list[str]:
    duration_ns = None if duration_s is None else duration_s * S
    found = findings(
        items, {(of.id, 1): of}, duration_ns=duration_ns, only=tier("steps"), windows={TierId("steps"): given}
    )
    return [each.words for each in found]


def _steps(*spans: tuple[float, float]) -> list[Annotation]:
    return [mark(str(at), "steps", "a", *span) for at, span in enumerate(spans)]


@pytest.mark.parametrize("spans", [((10, 20), (40, 50)), ((10, 15), (15, 20), (40, 50)), ((5, 12), (12, 60))])
def test_windows_that_are_filled_lack_nothing_and_the_session_does(spans: tuple[tuple[float, float], ...]) -> None:
    assert _told(scheme(FILLED), tier("steps"), *_steps(*spans)) == []
    assert _told(scheme(FILLED), tier("steps"), *_steps(*spans), duration_s=None) == []
    assert _told(scheme(FILLED), tier("steps"), *_steps(*spans), given=()) != []


def test_gaps_are_told_as_far_as_they_lie_in_a_window() -> None:
    assert _told(scheme(FILLED), tier("steps"), *_steps((5, 12), (14, 30), (45, 48))) == [
        "Steps, 0:14.00, a: Nothing is marked from 0:12.00 to 0:14.00.",
        "Steps, 0:45.00, a: Nothing is marked from 0:40.00 to 0:45.00.",
        "Steps: Nothing is marked from 0:48.00 to 0:50.00.",
    ]
    assert _told(scheme(FILLED), tier("steps"), *_steps((0, 25))) == [
        "Steps: Nothing is marked from 0:40.00 to 0:50.00."
    ]
    assert _told(scheme(FILLED), tier("steps"), *_steps((10, 20), (40, 44)), duration_s=45) == [
        "Steps: Nothing is marked from 0:44.00 to 0:45.00."
    ]


def test_a_tier_of_which_no_window_is_begun_says_which_are_to_be_filled() -> None:
    begin = "Steps: Nothing is marked in it yet, and it must be filled"
    outside = _steps((0, 10), (20, 40))
    assert _told(scheme(FILLED), tier("steps"), *outside) == [
        f"{begin} from 0:10.00 to 0:20.00, from 0:40.00 to 0:50.00."
    ]
    assert _told(scheme(FILLED), tier("steps"), duration_s=15) == [f"{begin} from 0:10.00 to 0:15.00."]
    assert _told(scheme(FILLED), tier("steps"), duration_s=5) == []


def test_what_lies_outside_is_not_looked_at_and_what_has_no_time_is() -> None:
    label = [mark("1", "steps", "", 0, 10), mark("2", "steps", "", 19, 30), mark("3", "steps", "", None)]
    assert _told(scheme(STEPS + "    shape: any\n    overlap: any\n"), tier("steps"), *label) == [
        "Steps: It has no label.",
        "Steps, 0:19.00: It has no label.",
    ]
    points = [mark(str(at), "steps", "b", at) for at in (9, 10, 20)]
    assert _told(scheme(STEPS + "    shape: point\n    overlap: any\n"), tier("steps"), *points) == [
        "Steps, 0:10.00, b: The label b is none of this tier's; choose another."
    ]


def test_overlaps_count_by_what_of_them_lies_inside() -> None:
    of = scheme(STEPS + "    overlap: none\n")
    assert _told(of, tier("steps"), *_steps((0, 9), (5, 12))) == []
    assert _told(of, tier("steps"), *_steps((0, 12), (5, 18))) == [
        "Steps, 0:05.00, a: It overlaps a at 0:00.00 by 2.00 s."
    ]
    assert _told(of, tier("steps"), *_steps((0, 12), (5, 18)), given=()) == [
        "Steps, 0:05.00, a: It overlaps a at 0:00.00 by 7.00 s."
    ]


@pytest.mark.parametrize(
    ("relation", "spans", "told"),
    [
        ("inside", [(5, 15)], ""),
        ("inside", [(15, 45)], "It lies only partly inside one of tasks."),
        ("inside", [(41, 43)], "It lies inside none of tasks."),
        ("subdivides", [(8, 15), (15, 20)], ""),
        ("subdivides", [(8, 15), (15, 18)], "Nothing is marked from 0:18.00 to 0:20.00, inside one of tasks."),
        ("one-to-one", [(10, 20)], ""),
        ("one-to-one", [(11, 20)], "It belongs to none of tasks."),
    ],
)
def test_it_lies_in_its_parent_by_what_of_it_lies_inside(
    relation: str, spans: list[tuple[float, float]], told: str
) -> None:
    """The parent lasts from 8 to 25 s; by the whole session each has a fault."""
    of = scheme(PARENT.replace("RELATION", relation))
    items: list[Item] = [tier("tasks"), tier("steps"), mark("p", "tasks", "t", 8, 25), *_steps(*spans)]
    assert [each.partition(": ")[2] for each in _told(of, *items)] == ([told] if told else [])
    assert len(_told(of, *items, given=())) == 1


def test_links_count_where_they_come_from_a_window() -> None:
    items: list[Item] = [tier("steps"), *_steps((0, 5), (12, 15))]
    wrong = [link(f"l{at}", "c", str(at), "q", "question") for at in range(2)]
    assert len(_told(scheme(LINKS), *items, *wrong)) == 1
    assert len(_told(scheme(LINKS), *items, *wrong, given=())) == 2
