"""What was marked live, as annotations: each kind of mark, taken in once and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.label_of import label_of
from woz.annotation.live_events import live_items, taken_in
from woz.annotation.live_scheme import CORRECTS, KEPT_OUT, LIVE
from woz.base.interval import NS_PER_S, Interval
from woz.lab.withholding import withheld_in
from woz.model.annotation import Annotation
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.item_json import from_json, to_json
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.session import Session, SessionState
from woz.model.tier import Tier, TierState

SESSION = Session(SessionId("s"), "Lamp", SessionState.CLOSED, 1_000, 100 * NS_PER_S)
POINTS = [[0.1, 0.2], [0.3, 0.4]]


def event(kind: EventKind, second: int, by: str = "expert", **data: object) -> Event:
    return Event(second * NS_PER_S, kind, by, data)


STEPS = [
    event(EventKind.STEP, 1, id="a", step_id="s1", name="Fit the gear"),
    event(EventKind.STEP, 40, id="b", step_id="s2", name="Close the lid"),
]
MISTAKE = event(EventKind.MISTAKE, 10, id="m", text="Upside down")
CORRECTION = event(EventKind.CORRECTION, 15, id="c", of="m", text="Turned")
OTHERS = [
    event(EventKind.MARK, 20, id="k", name="Danger"),
    event(EventKind.MARK, 20, "station", name="Danger"),
    event(EventKind.NOTE, 21, id="n", text="Cable near the edge"),
    event(EventKind.CUE, 22, text="Well done.", begin_ns=22 * NS_PER_S, end_ns=23 * NS_PER_S),
    event(EventKind.STROKE, 30, points=POINTS, end_ns=31 * NS_PER_S),
    event(EventKind.SNAPSHOT, 33, file="snapshot-1.png", capture_ns=32 * NS_PER_S),
]
EVENTS = [*STEPS, MISTAKE, CORRECTION, *OTHERS, event(EventKind.MUTE, 50)]


def items_by_type(items: Iterable[Item]) -> dict[str, list[Annotation]]:
    kept = list(items)
    tiers = {item.id: item.tier_type for item in kept if isinstance(item, Tier)}
    found: dict[str, list[Annotation]] = {tier_type: [] for tier_type in tiers.values()}
    for item in kept:
        if isinstance(item, Annotation):
            found[tiers[item.tier_id]].append(item)
    return found


def after(items: Iterable[Item], edit: Edit) -> dict[str, Item]:
    kept = {str(item.id): item for item in items}
    for item in edit.before:
        assert kept.pop(str(item.id)) == item
    return kept | {str(item.id): item for item in edit.after}


def test_what_was_marked_is_shown_by_its_name_and_not_by_an_id() -> None:
    found = items_by_type(live_items(SESSION, EVENTS))
    shown = {key: [label_of(LIVE.tier_type(key), a).name() for a in items] for key, items in found.items()}
    assert shown["live-step"] == ["Fit the gear", "Close the lid"]
    assert (shown["live-mark"], shown["live-note"]) == (["Danger", "Danger"], ["Note"])
    (unnamed,) = items_by_type(live_items(SESSION, [event(EventKind.STEP, 1, step_id="s1")]))["live-step"]
    assert label_of(LIVE.tier_type("live-step"), unnamed).name() == "s1"


def test_each_kind_of_event_has_its_tier() -> None:
    found = items_by_type(live_items(SESSION, EVENTS))
    assert list(found) == [each.key for each in LIVE.tier_types]
    steps = [(a.label, a.interval.start_ns, a.interval.end_ns, a.value("name")) for a in found["live-step"]]
    assert steps == [
        ("s1", 1 * NS_PER_S, 40 * NS_PER_S, "Fit the gear"),
        ("s2", 40 * NS_PER_S, 100 * NS_PER_S, "Close the lid"),
    ]
    points = {
        key: [(a.start_ns, a.end_ns) for a in found[key]] for key in ("live-mistake", "live-mark", "live-cue")
    }
    assert points == {
        "live-mistake": [(10 * NS_PER_S, None)],
        "live-mark": [(20 * NS_PER_S, None)] * 2,
        "live-cue": [(22 * NS_PER_S, None)],
    }
    assert [a.label for a in found["live-mark"]] == ["Danger", "Danger"]
    assert [a.note for a in found["live-note"]] == ["Cable near the edge"]
    assert found["live-cue"][0].value("end") == 23 * NS_PER_S
    [stroke] = found["live-stroke"]
    assert (stroke.start_ns, stroke.end_ns) == (30 * NS_PER_S, 31 * NS_PER_S)
    assert stroke.attributes[0].place == "[[0.1, 0.2], [0.3, 0.4]]"
    assert found["live-snapshot"][0].value("file") == "snapshot-1.png"


def test_what_a_bystander_asked_to_keep_out_lasts_until_they_are_gone() -> None:
    asked = [event(EventKind.BYSTANDER, t, "station", asked=on) for t, on in ((30, True), (32, True), (50, False))]
    found = live_items(SESSION, [*asked, event(EventKind.BYSTANDER, 5, "station", asked=False)])
    [tier] = [item for item in found if isinstance(item, Tier)]
    assert (tier.scheme_id, tier.tier_type) == (KEPT_OUT.id, "withheld")
    [stretch] = items_by_type(found)["withheld"]
    assert (stretch.label, stretch.interval) == ("bystander", Interval(20 * NS_PER_S, 50 * NS_PER_S))
    to_the_end = live_items(SESSION, [event(EventKind.BYSTANDER, 4, "station", asked=True)])
    assert withheld_in(to_the_end) == (Interval(0, 100 * NS_PER_S),)
    assert not taken_in(found, found, ())
    assert withheld_in(after((), taken_in(found, (), ())).values()) == (Interval(20 * NS_PER_S, 50 * NS_PER_S),)


def test_the_maker_is_the_role_and_the_time_is_the_marks() -> None:
    marks = items_by_type(live_items(SESSION, EVENTS))["live-mark"]
    at = SESSION.start_utc_ns + 20 * NS_PER_S
    assert [mark.made for mark in marks] == [Made(Origin.LIVE, "expert", at), Made(Origin.LIVE, "station", at)]


def test_a_correction_is_linked_to_its_mistake() -> None:
    items = live_items(SESSION, EVENTS)
    [link] = [item for item in items if isinstance(item, Link)]
    found = items_by_type(items)
    assert link.type == CORRECTS
    assert link.source.id == found["live-correction"][0].id
    assert link.target.id == found["live-mistake"][0].id


def test_what_was_taken_back_is_left_out() -> None:
    found = items_by_type(live_items(SESSION, [*EVENTS, event(EventKind.UNDO, 60, of="m")]))
    assert "live-mistake" not in found
    assert "live-correction" not in found


def test_items_are_the_same_after_json() -> None:
    for item in live_items(SESSION, EVENTS):
        assert from_json("link" if isinstance(item, Link) else type(item).__name__.lower(), to_json(item)) == item


def test_taking_in_again_changes_nothing() -> None:
    wanted = live_items(SESSION, EVENTS)
    first = after((), taken_in(wanted, (), ()))
    assert set(first) == {item.id for item in wanted}
    assert not taken_in(live_items(SESSION, EVENTS), first.values(), ())


def test_what_comes_later_is_added_and_what_was_taken_back_goes() -> None:
    first = after((), taken_in(live_items(SESSION, EVENTS[:-3]), (), ()))
    later = live_items(SESSION, [*EVENTS, event(EventKind.UNDO, 60, of="m"), event(EventKind.UNDO, 60, of="b")])
    second = after(first.values(), taken_in(later, first.values(), ()))
    found = items_by_type(second.values())
    assert [(a.label, a.interval.end_ns) for a in found["live-step"]] == [("s1", 100 * NS_PER_S)]
    assert not found["live-mistake"]
    assert not [item for item in second.values() if isinstance(item, Link)]
    assert len(found["live-snapshot"]) == 1


def test_what_a_person_did_stays() -> None:
    first = after((), taken_in(live_items(SESSION, EVENTS), (), ()))
    found = items_by_type(first.values())
    step, mark = found["live-step"][0], found["live-mark"][0]
    mended = replace(step, end_ns=30 * NS_PER_S, made=Made(Origin.MANUAL, "ada"))
    first[step.id] = mended
    del first[mark.id]
    taken_back = [*EVENTS, event(EventKind.UNDO, 60, of="a")]
    second = after(first.values(), taken_in(live_items(SESSION, taken_back), first.values(), {mark.id}))
    assert second[step.id] == mended
    assert mark.id not in second


def test_a_closed_tier_stays_as_it_is() -> None:
    first = after((), taken_in(live_items(SESSION, EVENTS), (), ()))
    tier = next(item for item in first.values() if isinstance(item, Tier) and item.tier_type == "live-step")
    first[tier.id] = replace(tier, state=TierState.LOCKED)
    taken_back = [*EVENTS, event(EventKind.UNDO, 60, of="a"), event(EventKind.UNDO, 60, of="n")]
    second = after(first.values(), taken_in(live_items(SESSION, taken_back), first.values(), ()))
    found = items_by_type(second.values())
    assert len(found["live-step"]) == 2
    assert not found["live-note"]
