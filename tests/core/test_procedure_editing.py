"""Procedures changed step by step, back and forth, and drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure
from woz.procedures.editing import Undoing, added, changed, inwards, moved, outwards, removed, requiring
from woz.procedures.layout import layout_of
from woz.procedures.outline import outline_of, steps_from_outline
from woz.procedures.problems import problems
from woz.procedures.task_graph import TaskGraph

EMPTY = Procedure(ProcedureId("p"), "Cake")


def cake(text: str = "shop\nbatter\n  whisk\n  pour\nbake\n") -> Procedure:
    return replace(EMPTY, steps=steps_from_outline(text))


def test_steps_are_added_after_others_and_at_the_end() -> None:
    first, own = added(EMPTY, None, "shop")
    second, other = added(first, own, "bake")
    third, _ = added(second, own, "mix")
    assert (outline_of(third), own, other) == ("shop\nmix\nbake\n", "shop", "bake")
    inside, _ = added(cake(), StepId("whisk"), "rest")
    assert outline_of(inside) == "shop\nbatter\n  whisk\n  rest\n  pour\nbake\n"


def test_steps_move_up_down_in_and_out() -> None:
    assert outline_of(moved(cake(), StepId("bake"), -1)) == "shop\nbake\nbatter\n  whisk\n  pour\n"
    assert outline_of(moved(cake(), StepId("pour"), -1)) == "shop\nbatter\n  pour\n  whisk\nbake\n"
    assert moved(cake(), StepId("whisk"), -1) == cake() == moved(cake(), StepId("bake"), 1)
    assert outline_of(inwards(cake(), StepId("bake"))) == "shop\nbatter\n  whisk\n  pour\n  bake\n"
    assert outline_of(outwards(cake(), StepId("whisk"))) == "shop\nbatter\n  pour\nwhisk\nbake\n"
    assert inwards(cake(), StepId("shop")) == cake() == outwards(cake(), StepId("shop"))


def test_a_step_goes_with_its_parts_and_with_what_required_it() -> None:
    needing = requiring(
        requiring(cake(), StepId("bake"), StepId("whisk"), True), StepId("bake"), StepId("shop"), True
    )
    left = removed(needing, StepId("batter"))
    assert outline_of(left) == "shop\nbake\n"
    assert left.steps[1].prerequisites == ("shop",)


def test_steps_that_would_wait_for_each_other_are_refused() -> None:
    one = requiring(cake(), StepId("bake"), StepId("pour"), True)
    with pytest.raises(WozError, match="'pour' requires 'bake', 'bake' requires 'pour'"):
        requiring(one, StepId("pour"), StepId("bake"), True)
    with pytest.raises(WozError, match="can't require 'batter', which it is a part of"):
        requiring(cake(), StepId("whisk"), StepId("batter"), True)
    assert requiring(one, StepId("bake"), StepId("pour"), False) == cake()
    with pytest.raises(WozError, match="A step needs a name"):
        changed(cake(), StepId("bake"), name=" ")


def test_a_part_can_t_be_moved_into_what_it_would_wait_for() -> None:
    needing = requiring(cake("a\nb\n"), StepId("b"), StepId("a"), True)
    with pytest.raises(WozError, match="which it is a part of"):
        inwards(needing, StepId("b"))


def test_changes_are_undone_and_done_again() -> None:
    history = Undoing(cake())
    for name in ("f", "fr", "fry"):
        history.change(changed(history.now, StepId("bake"), name=name), "name bake")
    history.change(removed(history.now, StepId("shop")))
    assert not history.change(history.now)
    assert history.undo()
    assert outline_of(history.now) == "shop\nbatter\n  whisk\n  pour\nfry\n"
    assert history.undo()
    assert (history.now, history.can_undo, history.undo()) == (cake(), False, False)
    assert history.redo()
    assert history.redo()
    assert (outline_of(history.now), history.can_redo) == ("batter\n  whisk\n  pour\nfry\n", False)
    history.undo()
    history.change(changed(history.now, StepId("bake"), name="fry"), "name bake")
    assert history.can_redo
    history.change(changed(history.now, StepId("bake"), name="boil"), "name bake")
    assert not history.can_redo


def _requires(procedure: Procedure, step_id: StepId, before: StepId) -> Procedure:
    return requiring(procedure, step_id, before, True)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_whatever_is_done_the_procedure_can_be_followed_and_undone(deeds: list[tuple[int, int, int]]) -> None:
    history = Undoing(EMPTY)
    for deed, one, other in deeds:
        ids = [step.id for step in history.now.steps]
        at = ids[one % len(ids)] if ids else StepId("none")
        to = ids[other % len(ids)] if ids else StepId("none")
        try:
            new = (
                added(history.now, at)[0] if deed < 2
                else moved(history.now, at, 1 - other % 2 * 2) if deed == 2
                else inwards(history.now, at) if deed == 3
                else outwards(history.now, at) if deed == 4
                else _requires(history.now, at, to) if deed == 5 and ids
                else removed(history.now, at)
            )  # fmt: skip
        except WozError:
            continue
        history.change(new)
        assert problems(new) == []
        assert [step for _, step in new.walk()] == list(new.steps)
    while history.undo():
        pass
    assert history.now == EMPTY


def test_a_graph_is_drawn_in_columns_after_what_is_required() -> None:
    made = cake("shop\nheat\nmix\nbake\neat\n")
    for step, before in (("mix", "shop"), ("bake", "mix"), ("bake", "heat"), ("bake", "shop"), ("eat", "bake")):
        made = requiring(made, StepId(step), StepId(before), True)
    drawn = layout_of(TaskGraph(made))
    assert {step: column for step, (column, _) in drawn.places.items()} == {
        "shop": 0,
        "heat": 0,
        "mix": 1,
        "bake": 2,
        "eat": 3,
    }
    assert drawn.size == (4, 2)
    assert {(edge.before, edge.after): len(edge.through) for edge in drawn.edges} == {
        ("shop", "mix"): 0,
        ("mix", "bake"): 0,
        ("heat", "bake"): 1,
        ("bake", "eat"): 0,
    }
    used = [*drawn.places.values(), *(place for edge in drawn.edges for place in edge.through)]
    assert len(set(used)) == len(used) == 6
    assert layout_of(TaskGraph(EMPTY)).size == (0, 0)
    loose = requiring(cake("a\nb\nc\nd\ne\nf\ng\n"), StepId("g"), StepId("c"), True)
    assert layout_of(TaskGraph(loose)).places == {
        "c": (0, 0),
        "g": (1, 0),
        "a": (0, 1),
        "b": (1, 1),
        "d": (2, 1),
        "e": (3, 1),
        "f": (0, 2),
    }
