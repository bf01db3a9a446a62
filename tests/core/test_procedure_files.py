"""Procedures in files: each format read and written, real ones without loss, bad ones refused in a sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.errors import WozError
from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step
from woz.procedures.formats import FORMATS, format_for, read_procedures, write_procedures
from woz.procedures.outline import steps_from_outline
from woz.procedures.problems import problems
from woz.procedures.yaml_file import procedures_from_yaml, yaml_of

GRAPHS = ("coffee", "mugcake", "pinwheels", "ramen", "scrambledeggs", "tomatochutney")
RECIPES = {"cake": ("Mug Cake", 12), "coffee": ("Pour-over Coffee", 8), "pinwheel": ("Pinwheels", 12)}
KEYSTEPS = {
    "annotations": {"77cd": {"scenario": "Covid-19 Rapid Antigen Test", "segments": [{"step_id": 31}]}},
    "taxonomy": {
        "Covid-19 Rapid Antigen Test": {
            "0": {
                "id": 0,
                "is_leafnode": False,
                "name": "Covid-19 Rapid Antigen Test",
                "parent_id": None,
                "parent_name": None,
            },
            "1": {
                "id": 1,
                "is_leafnode": False,
                "name": "Preparation",
                "parent_id": 0,
                "parent_name": "Covid-19 Rapid Antigen Test",
            },
            "2": {
                "id": 2,
                "is_leafnode": True,
                "name": "Check the expiration date",
                "parent_id": 1,
                "parent_name": "Preparation",
                "unique_id": 818,
            },
            "31": {
                "id": 31,
                "is_leafnode": True,
                "name": "Unbox package",
                "parent_id": 0,
                "parent_name": "Covid-19 Rapid Antigen Test",
                "unique_id": 843,
            },
        },
        "Making Tea": {
            "0": {"id": 0, "is_leafnode": False, "name": "Making Tea", "parent_id": None, "parent_name": None},
            "4": {
                "id": 4,
                "is_leafnode": True,
                "name": "Unbox package",
                "parent_id": 0,
                "parent_name": "Making Tea",
                "unique_id": 843,
            },
        },
    },
    "vocabulary": {"818": "Check the expiration date", "843": "Unbox package"},
}
"""Written after docs/annotations/keystep.md of Ego-Exo4D's documentation."""


@pytest.fixture
def graphs(shared_data: Path) -> Path:
    return shared_data / "annotations" / "captaincook4d"


@pytest.mark.parametrize("name", GRAPHS)
def test_captaincook4d_s_task_graphs_leave_as_they_came(graphs: Path, tmp_path: Path, name: str) -> None:
    source = graphs / f"{name}.json"
    [procedure] = read_procedures(source)
    again = json.loads(write_procedures([procedure], FORMATS["captaincook4d"]))
    whole = json.loads(source.read_text())
    assert again["steps"] == whole["steps"]
    edges = [tuple(edge) for edge in again["edges"]]
    assert (len(edges), set(edges)) == (len(whole["edges"]), {tuple(edge) for edge in whole["edges"]})
    assert len(procedure.steps) == len(whole["steps"]) - 2
    (tmp_path / "own.yaml").write_text(yaml_of([procedure]), encoding="utf-8")
    assert read_procedures(tmp_path / "own.yaml") == [procedure]
    place = {step.id: i for i, step in enumerate(procedure.steps)}
    assert all(place[before] < place[step.id] for step in procedure.steps for before in step.prerequisites)


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_are_read_with_their_tools_and_written_again(shared_data: Path, tmp_path: Path, name: str) -> None:
    [recipe] = read_procedures(shared_data / "annotations" / "wtag" / f"recipe_{name}.txt")
    assert (recipe.name, len(recipe.steps)) == RECIPES[name]
    assert recipe.tools
    assert recipe.description.startswith("Ingredients\n")
    (tmp_path / "again.txt").write_text(write_procedures([recipe], FORMATS["wtag"]), encoding="utf-8")
    assert read_procedures(tmp_path / "again.txt") == [recipe]
    if name == "pinwheel":
        assert recipe.steps[1].name.endswith("leaving 1/2-inch uncovered at the edges.")


def test_ego_exo4d_s_taxonomy_is_a_procedure_for_every_scenario(tmp_path: Path) -> None:
    path = tmp_path / "keystep_val.json"
    path.write_text(json.dumps(KEYSTEPS))
    test, tea = read_procedures(path)
    assert (test.name, tea.name) == ("Covid-19 Rapid Antigen Test", "Making Tea")
    assert test.steps == (
        Step(StepId("1"), "Preparation", 0),
        Step(StepId("2"), "Check the expiration date", 0, StepId("1"), global_id="818"),
        Step(StepId("31"), "Unbox package", 1, global_id="843"),
    )
    assert tea.steps[0].global_id == test.steps[2].global_id
    again = json.loads(write_procedures([test, tea], FORMATS["keysteps"]))
    assert again == {key: KEYSTEPS[key] for key in ("taxonomy", "vocabulary")}


def test_a_procedure_is_written_by_hand_in_a_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "cake.yaml"
    path.write_text(
        "name: Mug cake\n"
        "tools: [mug, whisk]\n"
        "steps:\n"
        "  - Set out the bowl\n"
        "  - name: Make the batter\n"
        "    requires: [Set out the bowl]\n"
        "    steps:\n"
        "      - Add the water\n"
        "      - name: Stir\n"
        "        repeatable: true\n"
        "        requires: [add-the-water]\n"
        "  - name: Sugar on top\n"
        "    optional: true\n"
        "    global id: 012\n"
    )
    [cake] = read_procedures(path)
    assert (cake.id, cake.name, cake.tools) == ("mug-cake", "Mug cake", ("mug", "whisk"))
    bowl, batter, water, stir, sugar = cake.steps
    assert (bowl.id, batter.prerequisites, stir.prerequisites) == ("set-out-the-bowl", (bowl.id,), (water.id,))
    assert (water.parent_id, stir.position, stir.repeatable) == (batter.id, 1, True)
    assert (sugar.optional, sugar.global_id) == (True, "012")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "name: X\nsteps:\n  - name: A\n    requirs: [B]\n",
            "Line 3: step 'A': 'requirs' is no key that a procedure",
        ),
        ("name: X\nsteps:\n  - id: a\n", "step 'a': the key 'name' is missing"),
        ("steps: [A]\n", "the key 'name' is missing"),
        ("- A\n- B\n", "no procedure: it must begin with keys such as name: and steps:"),
        ("name: X\nsteps: [A\n", "no YAML"),
        ("name: X\nsteps: &a [*a]\n", "anchors and aliases"),
        ("name: !!python/object:os.system X\n", r"tags \(!\) are not taken"),
        ("name: X\nsteps:\n  - name: A\n    optional: perhaps\n", "'optional' must be true or false"),
        ("name: X\nsteps:\n  - A\n  - A\n  - name: B\n    requires: [A]\n", "There are 2 steps named 'A'"),
        ("name: X\nsteps:\n  - name: A\n    requires: [B]\n", "'A' requires 'B', which is no step"),
        (
            "name: X\nsteps:\n  - {name: A, requires: [B]}\n  - {name: B, requires: [A]}\n",
            "'A' requires 'B', 'B' requires 'A'",
        ),
        ("name: X\nsteps: " + "[" * 60 + "]" * 60, "nested too deep"),
    ],
)
def test_a_file_that_is_wrong_says_so_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(WozError, match=words) as found:
        read_procedures(path)
    assert str(found.value).startswith(str(path))
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.json", b'{"steps": {"1": "A"}, "edges": [[1, 2]]}', "leads to step 2, which is not among the steps"),
        ("a.json", b'{"steps": {"1": "A", "2": "B"}, "edges": [[1, 2], [2, 1]]}', "wait for each other"),
        ("a.json", b'{"steps": {"1": "A"}, "edges": [[1', "no task graph of CaptainCook4D"),
        ("a.json", b'{"taxonomy": {}}', "has no scenario"),
        ("a.json", b'{"taxonomy": {"X": {"1": {"id": 1}}}}', "no key step file"),
        ("a.json", b'{"taxonomy": {"X": {"1": {"id": 1, "name": "A", "parent_id": 7}}}}', "is a part of '7'"),
        ("a.json", b"{}", "none of the formats"),
        ("a.txt", b"\xff\xfeA", "no text in UTF-8"),
        ("a.pdf", b"A", "none of the formats"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, name: str, raw: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(WozError, match=words):
        read_procedures(tmp_path / name)


def test_an_outline_is_lines_with_parts_further_in() -> None:
    steps = steps_from_outline(" Mix\n\n\tSift the flour\n    Stir\nBake \n")
    assert [(step.name, step.position, step.parent_id) for step in steps] == [
        ("Mix", 0, None),
        ("Sift the flour", 0, "mix"),
        ("Stir", 1, "mix"),
        ("Bake", 1, None),
    ]
    assert [step.name for step in steps_from_outline("1. Mix\n2. Bake\n")] == ["Mix", "Bake"]
    assert [step.name for step in steps_from_outline("1. Mix\nBake\n")] == ["1. Mix", "Bake"]
    assert [step.id for step in steps_from_outline("Stir\nStir\nöl & Salz\n…\n")] == [
        "stir",
        "stir-2",
        "öl-salz",
        "step",
    ]


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff"), min_size=1, max_size=12
).filter(lambda name: name == name.strip() and name == " ".join(name.split()))
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Co", "Cn"]) | st.just("\n"), max_size=20)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """In the order of a walk, as files have them; what a step requires comes before it."""
    count = draw(st.integers(0, 8))
    steps: list[Step] = []
    way: list[StepId] = []
    for i in range(count):
        way = way[: draw(st.integers(0, len(way)))]
        parent = way[-1] if way else None
        before = [s.id for s in steps if s.id not in way]
        step = Step(
            StepId(draw(NAMES) + str(i)),
            draw(NAMES),
            sum(s.parent_id == parent for s in steps),
            parent,
            tuple(draw(st.lists(st.sampled_from(before), unique=True))) if before else (),
            draw(TEXTS),
            tuple(draw(st.lists(NAMES, max_size=2))),
            draw(st.booleans()),
            draw(st.booleans()),
            draw(st.sampled_from(["", "0817", "x"])),
        )
        steps.append(step)
        way = [*way, step.id]
    own = ProcedureId(draw(NAMES))
    return Procedure(own, draw(NAMES), tuple(steps), draw(TEXTS), tuple(draw(st.lists(NAMES, max_size=2))))


@given(procedures())
def test_woz_s_own_file_gives_an_equal_procedure(procedure: Procedure) -> None:
    text = yaml_of([procedure])
    assert procedures_from_yaml(text.encode(), "") == [procedure]
    assert yaml_of(procedures_from_yaml(text.encode(), "")) == text


@given(procedures())
def test_an_outline_keeps_names_and_tree(procedure: Procedure) -> None:
    [again] = FORMATS["text"].read(write_procedures([procedure], FORMATS["text"]).encode(), procedure.name)
    assert [(depth, step.name) for depth, step in again.walk()] == [
        (depth, step.name) for depth, step in procedure.walk()
    ]


@given(procedures())
def test_what_a_format_carries_comes_back(procedure: Procedure) -> None:
    for form in FORMATS.values():
        if not form.loses([procedure]):
            [again] = form.read(write_procedures([procedure], form).encode(), procedure.name)
            assert len(again.steps) == len(procedure.steps)
            assert form.loses([again]) == []
            assert problems(again) == problems(procedure)


def test_what_a_format_can_t_hold_is_named() -> None:
    step = Step(StepId("a"), "A", 0, optional=True, tools=("pan",))
    full = Procedure(ProcedureId("p"), "P", (step, replace(step, id=StepId("b"), prerequisites=(step.id,))))
    assert FORMATS["captaincook4d"].loses([full]) == ["what is optional", "tools of steps"]
    assert FORMATS["yaml"].loses([full]) == []
    assert format_for(Path("x.yml")).name == "yaml"
    with pytest.raises(WozError, match="name the format"):
        format_for(Path("x.pdf"))
    with pytest.raises(WozError, match="holds one procedure"):
        write_procedures([full, full], FORMATS["yaml"])
