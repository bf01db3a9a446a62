"""What a person changes becomes theirs, and keeps what it was made from."""

from __future__ import annotations

from dataclasses import replace

from woz.annotation.logged import ItemChange
from woz.annotation.provenance import by_person
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, SchemeId, SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

ADA, BEN = AnnotatorId("ada"), AnnotatorId("ben")
MODEL = Made(Origin.MACHINE, "proposer 2", 5, "run-7", (Source(ItemRef("turn", "t"), 3),))
ITEM = Annotation(AnnotationId("a"), TierId("tier"), 0, 9, "one", MODEL)
EDITS = {ItemRef("annotation", "a"): 11}


def owned(before: tuple[Item, ...], after: tuple[Item, ...], annotator: AnnotatorId = ADA) -> list[Item | None]:
    old, new = ({ref_to(item): item for item in items} for items in (before, after))
    changes = [ItemChange(ref, old.get(ref), new.get(ref)) for ref in old | new]
    return [change.after for change in by_person(changes, annotator, 100, EDITS.get)]


def made_of(item: Item | None) -> Made:
    assert isinstance(item, Annotation)
    return item.made


def test_what_a_machine_made_becomes_the_persons() -> None:
    [mended] = owned((ITEM,), (replace(ITEM, end_ns=8),))
    was = Source(ItemRef("annotation", "a"), 11)
    assert made_of(mended) == Made(Origin.MANUAL, "ada", 100, "run-7", (was, *MODEL.sources))


def test_its_source_stays_when_others_change_it_again() -> None:
    [mended] = owned((ITEM,), (replace(ITEM, end_ns=8),))
    assert isinstance(mended, Annotation)
    [again] = owned((mended,), (replace(mended, end_ns=7),), BEN)
    assert made_of(again) == replace(made_of(mended), by="ben")


def test_what_is_new_is_the_persons() -> None:
    new = replace(ITEM, made=Made(Origin.MANUAL))
    assert made_of(owned((), (new,))[0]) == Made(Origin.MANUAL, "ada", 100)


def test_a_part_that_was_split_off_names_what_it_was_cut_from() -> None:
    first, second = replace(ITEM, end_ns=4), replace(ITEM, id=AnnotationId("b"), start_ns=4)
    for part in owned((ITEM,), (first, second)):
        assert made_of(part).sources == (Source(ItemRef("annotation", "a"), 11), *MODEL.sources)
        assert made_of(part).origin == Origin.MANUAL


def test_what_an_edit_names_but_does_not_change_stays_whose_it_was() -> None:
    other = replace(ITEM, id=AnnotationId("c"))
    _, kept = owned((ITEM, other), (replace(ITEM, end_ns=8), other))
    assert kept == other


def test_a_tier_that_is_moved_stays_whose_it_was() -> None:
    tier = Tier(TierId("tier"), SessionId("s"), SchemeId("x"), 1, "steps", "Steps", MODEL)
    moved = replace(tier, state=TierState.SUBMITTED)
    assert owned((tier,), (moved,)) == [moved]
