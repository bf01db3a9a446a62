"""What has to be done before what, and what is wrong with a procedure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.model.ids import LabelId, ProcedureId, StepId
from woz.model.own_schemes import steps_scheme
from woz.model.procedure import Procedure, Step
from woz.procedures.problems import problems, require_sound
from woz.procedures.task_graph import TaskGraph, in_order


def step(name: str, *before: str, parent: str = "", position: int = 0, optional: bool = False) -> Step:
    above = StepId(parent) if parent else None
    return Step(StepId(name), name.title(), position, above, tuple(map(StepId, before)), optional=optional)


def procedure(*steps: Step) -> Procedure:
    return Procedure(ProcedureId("p"), "Cake", steps)


CAKE = procedure(
    step("shop"),
    step("batter", "shop", position=1),
    step("whisk", parent="batter"),
    step("pour", "whisk", parent="batter", position=1),
    step("heat", position=2),
    step("bake", "batter", "heat", position=3),
)


def before(name: str, of: Procedure = CAKE) -> set[str]:
    return set(TaskGraph(of).before(StepId(name)))


def test_a_tree_is_walked_parts_after_their_whole() -> None:
    assert [(depth, step.id) for depth, step in CAKE.walk()] == [
        (0, "shop"),
        (0, "batter"),
        (1, "whisk"),
        (1, "pour"),
        (0, "heat"),
        (0, "bake"),
    ]


def test_parts_require_what_their_whole_requires_and_stand_for_it() -> None:
    assert before("whisk") == {"shop"}
    assert before("pour") == {"shop", "whisk"}
    assert before("bake") == {"shop", "whisk", "pour", "heat"}
    assert before("batter") == {"shop"}
    assert before("unknown") == set()
    assert TaskGraph(CAKE).within(StepId("batter")) == ("whisk", "pour")
    assert in_order(TaskGraph(CAKE), TaskGraph(CAKE).before(StepId("bake"))) == ("shop", "whisk", "pour", "heat")


def test_a_whole_may_require_one_of_its_parts() -> None:
    steps = replace(
        CAKE,
        steps=tuple(replace(s, prerequisites=(StepId("whisk"),)) if s.id == "batter" else s for s in CAKE.steps),
    )
    assert problems(steps) == []
    assert before("pour", steps) == {"whisk"}
    assert before("whisk", steps) == set()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((step("a", "b"), step("b", "a")), "'A' requires 'B', 'B' requires 'A'; take one"),
        ((step("a", "a"),), "'A' requires itself"),
        ((step("a", "c"),), "'A' requires 'c', which is no step"),
        ((step("a"), step("a")), "Two steps have the id 'a'"),
        ((step("a", parent="z"),), "'A' is a part of 'z', which is no step"),
        ((step("a", parent="b"), step("b", parent="a")), "'A' is a part of itself"),
        ((step("w"), step("x", "w", parent="w")), "'X' can't require 'W', which it is a part of"),
        ((step("w", "y"), step("x", parent="w"), step("y", "x")), "'X' requires 'Y', 'Y' requires 'X'"),
        (
            (step("s0"), *(step(f"s{i}", parent=f"s{i - 1}") for i in range(1, 1500))),
            "'S1499' lies 1500 steps deep",
        ),
        (tuple(step(f"s{i}") for i in range(2001)), "2000 steps at most, and this one has 2001"),
        ((Step(StepId("n"), " ", 0),), r"Step 1 \(n\) has no name"),
    ],
)
def test_what_can_t_be_followed_is_told(steps: tuple[Step, ...], words: str) -> None:
    with pytest.raises(WozError, match=words):
        require_sound(procedure(*steps))


def test_a_long_chain_is_no_trouble() -> None:
    chain = procedure(step("s0"), *(step(f"s{i}", f"s{i - 1}", position=i) for i in range(1, 2000)))
    assert problems(chain) == []
    assert len(before("s1999", chain)) == 1999


@given(st.data())
def test_a_cycle_is_found_where_there_is_one(data: st.DataObject) -> None:
    """Against the plain definition: some action is before itself."""
    n = data.draw(st.integers(1, 6))
    edges = data.draw(
        st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1]))
    )
    made = procedure(*(step(f"s{i}", *(f"s{b}" for a, b in sorted(edges) if a == i), position=i) for i in range(n)))
    reach = {i: {b for a, b in edges if a == i} for i in range(n)}
    for _ in range(n):
        reach = {i: found | {c for b in found for c in reach[b]} for i, found in reach.items()}
    cycle = TaskGraph(made).cycle()
    assert bool(cycle) == any(i in reach[i] for i in range(n))
    for one, other in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True):
        assert (int(one[1:]), int(other[1:])) in edges


def test_the_steps_scheme_keeps_the_tree_and_gives_keys_to_actions_first() -> None:
    labels = steps_scheme(CAKE).tier_types[0].labels
    assert [(label.id, label.parent, label.shortcut) for label in labels] == [
        ("shop", None, "1"),
        ("batter", None, "6"),
        ("whisk", LabelId("batter"), "2"),
        ("pour", LabelId("batter"), "3"),
        ("heat", None, "4"),
        ("bake", None, "5"),
    ]
    many = procedure(*(step(f"s{i:02}", position=i) for i in range(20)))
    keys = [label.shortcut for label in steps_scheme(many).tier_types[0].labels]
    assert keys[8:11] == ["9", "Alt+1", "Alt+2"]
    assert keys[17:] == ["Alt+9", "", ""]
