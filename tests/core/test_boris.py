"""Projects of BORIS: written, read again, and read as BORIS writes them, with the faults that its users report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.rich_bundles import SID, WORDS, S, rich, scheme_of, session_bundle
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme, ValueKind
from woz.model.tier import Tier

MADE = Made(Origin.MANUAL, "woz")
AS_BORIS_WRITES: dict[str, Any] = {
    "time_format": "hh:mm:ss",
    "project_date": "2024-01-02T03:04:05",
    "project_name": "kitchen",
    "project_format_version": "7.0",
    "subjects_conf": {"0": {"key": "1", "name": "left", "description": "left hand"}},
    "observations": {
        "P01 take 1": {
            "file": {"1": ["take1a.mp4", "take1b.mp4"], "2": []},
            "type": "MEDIA",
            "date": "2024-01-02T03:04:05",
            "description": "the first",
            "time offset": 1.5,
            "independent_variables": {"age": "34", "code": "007", "empty": ""},
            "media_info": {"length": {"take1a.mp4": 60.0, "take1b.mp4": 30.5}, "fps": {"take1a.mp4": 25.0}},
            "events": [
                [1.0, "left", "reach", "", "begins", 25],
                [2.5, "left", "reach", "", "ends", 62],
                [2.5, "", "look", "", "", "NA"],
                [3.0, "left", "grip", "fine|None", ""],
                [3.2, "left", "grip", "None|2.5", ""],
                [3.3, "left", "grip", "fine|None", ""],
                [3.4, "left", "grip", "None|2.5", ""],
                [4.0, "left", "reach", "", "never stops", 100],
                [5.0, "", "forgotten", "x|y", ""],
            ],
        },
        "P01 take 2": {
            "file": {},
            "type": "LIVE",
            "date": "",
            "events": [[2, "", "look", "", ""], [1, "", "look", "", ""]],
        },
    },
    "behavioral_categories": ["hand"],
    "behaviors_conf": {
        "0": {
            "type": "State event",
            "key": "r",
            "code": "reach",
            "category": "hand",
            "color": "#ff0000",
            "modifiers": "",
        },
        "1": {
            "type": "State event with coding map",
            "key": "g",
            "code": "grip",
            "category": "hand",
            "excluded": "reach,look",
            "modifiers": {
                "0": {"name": "kind", "type": 0, "values": ["fine (f)", "coarse"]},
                "1": {"name": "force", "type": 2, "values": []},
            },
        },
        "2": {"type": "Point event", "key": "l", "code": "look", "category": "", "excluded": ""},
    },
    "independent_variables": {"0": {"label": "code", "type": "text"}},
    "coding_map": {"map": {}},
}


def project(folder: Path, change: Callable[[dict[str, Any]], object] = lambda _: None) -> Path:
    facts = json.loads(json.dumps(AS_BORIS_WRITES))
    change(facts)
    path = folder / "project.boris"
    path.write_text(json.dumps(facts))
    return path


def test_a_project_as_boris_writes_it(tmp_path: Path) -> None:
    """Made up after what BORIS 8 saves: an unpaired start, a code that is gone, times out of order."""
    parts = parts_of("boris", project(tmp_path))
    first, second = bundles_of(parts)
    by_tier = {tier.name: first.in_tier(tier) for tier in first.tiers}
    assert set(by_tier) == {"hand of left", "behaviors", "observation"}
    spans = [(each.label, each.start_ns, each.end_ns) for each in by_tier["hand of left"]]
    assert spans == [
        ("reach", S, 5 * S // 2),
        ("grip", 3 * S, 33 * S // 10),
        ("grip", 16 * S // 5, 17 * S // 5),
        ("reach", 4 * S, None),
    ]
    reach, fine, force, open_ = by_tier["hand of left"]
    assert (reach.note, reach.value("comment_stop"), reach.value("frame"), reach.value("frame_stop")) == (
        *("begins", "ends"),
        *(25, 62),
    )
    assert (fine.value("kind"), force.value("force"), open_.value("unpaired")) == ("fine", 2.5, True)
    (whole,) = by_tier["observation"]
    assert (whole.note, whole.start_ns) == ("the first", None)
    assert {at.key: at.value for at in whole.attributes} == {"age": 34, "code": "007", "time offset": 1.5}
    assert [each.start_ns for each in second.annotations if each.start_ns is not None] == [S, 2 * S]
    assert (first.session.duration_ns, first.session.title) == (90 * S + S // 2, "P01 take 1")
    assert lost_in(parts) == {
        "stops of states that only start": 1,
        "exclusions between behaviours": 2,
        "coding maps": 1,
        "keys and descriptions of subjects": 1,
    }
    (scheme,) = first.schemes.values()
    hand = scheme.tier_type("hand")
    assert next((each.name(), each.shortcut, each.colour) for each in hand.labels) == ("reach", "r", "#ff0000")
    kinds = [(each.key, each.kind) for each in hand.label("grip").attributes]
    assert kinds == [("kind", ValueKind.CHOICE), ("force", ValueKind.NUMBER)]


def test_what_was_read_is_written_and_read_again(tmp_path: Path) -> None:
    first = bundles_of(parts_of("boris", project(tmp_path)))
    (path,) = written("boris", first, tmp_path, 25.0)
    again = bundles_of(parts_of("boris", path))
    assert [_facts(each) for each in again] == [_facts(each) for each in first]
    assert not {"values that no modifier can be", "names of tiers"} & lost_by("boris", first).keys()
    assert written("boris", first, tmp_path, 25.0)[0].read_bytes() == path.read_bytes()
    saved = json.loads(path.read_text())
    assert saved["project_format_version"] == "7.0"
    events = saved["observations"][first[0].session.id]["events"]
    assert [cells[:4] for cells in events][:2] == [[1.0, "left", "reach", ""], [2.5, "left", "reach", ""]]


def _facts(bundle: SessionBundle) -> list[Any]:
    found = []
    for tier in bundle.tiers:
        for each in bundle.in_tier(tier):
            attributes = sorted(each.attributes, key=lambda at: (at.key, str(at.value)))
            label = bundle.label_name(tier, each.label)
            found.append((tier.tier_type, tier.subject, label, each.start_ns, each.end_ns, each.note, attributes))
    return sorted(found, key=repr)


@st.composite
def codable(draw: Callable[..., Any]) -> SessionBundle:
    """Sessions of which BORIS can hold all: no two tiers of a type and subject, no label that overlaps itself."""
    values = draw(st.dictionaries(WORDS.filter(lambda text: text != "None"), st.just(None), min_size=1, max_size=3))
    schemes = tuple(scheme_of({"a": "Reach", "b": "Grip, fine"}, key) for key in ("acts", "gaze"))
    tiers, annotations = [], []
    pairs = st.tuples(st.integers(0, 1), WORDS)
    for n, (index, subject) in enumerate(draw(st.lists(pairs, unique=True, max_size=3))):
        scheme = schemes[index]
        name = f"{scheme.name} of {subject}"
        tiers.append(Tier(TierId(f"{n}"), SID, scheme.id, 1, scheme.name, name, MADE, subject=subject))
        points = {label: draw(st.booleans()) for label in "ab"}
        t = 0
        for k in range(draw(st.integers(1, 4))):
            label = draw(st.sampled_from("ab"))
            start, t = t + draw(st.integers(0, S)), t + draw(st.integers(S, 2 * S))
            attributes = tuple(
                Attribute("kind", value) for value in draw(st.lists(st.sampled_from([*values]), unique=True))
            )
            number = (
                (Attribute("force", draw(st.integers(-9, 9) | st.floats(-9, 9))),) if draw(st.booleans()) else ()
            )
            made = AnnotationId(f"{n} {k}"), TierId(f"{n}"), start, None if points[label] else t, label, MADE
            annotations.append(Annotation(*made, (*attributes, *number), draw(WORDS)))
    return session_bundle(tuple(tiers), tuple(annotations), schemes)


@given(bundle=codable())
def test_all_that_boris_can_hold_comes_back(
    tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle
) -> None:
    folder = tmp_path_factory.mktemp("boris")
    (path,) = written("boris", [bundle], folder)
    parts = parts_of("boris", path)
    assert sorted(map(repr, _by_name(bundle))) == sorted(map(repr, _by_name(bundles_of(parts)[0])))
    assert not {"values that no modifier can be", "names of tiers"} & lost_by("boris", [bundle]).keys()


def _by_name(bundle: SessionBundle) -> list[Any]:
    """Labels by name; one that is a point in one tier and an interval in another has its tier's kind after it."""
    return [(*fact[:2], fact[2].partition(" (")[0], *fact[3:]) for fact in _facts(bundle)]


@given(bundle=rich())
def test_any_session_is_written_as_a_project_that_is_read(
    tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle
) -> None:
    """With what finds no place counted: what is read and what is lost are all there was."""
    (path,) = written("boris", [bundle], tmp_path_factory.mktemp("boris"))
    back = bundles_of(parts_of("boris", path))
    lost = lost_by("boris", [bundle])
    gone = lost.get("annotations without a time", 0)
    gone += lost.get("intervals that overlap another one of the same behaviour", 0)
    assert sum(len(each.annotations) for each in back) == len(bundle.annotations) - gone


def test_a_second_annotator_s_tier_is_an_observation_of_its_own(tmp_path: Path) -> None:
    scheme = scheme_of({"a": "Reach"})
    tiers = tuple(Tier(TierId(key), SID, scheme.id, 1, "acts", "acts", MADE) for key in "xy")
    spans = (("x", 0, 2), ("y", 1, 3), ("x", 1, 4))
    annotations = tuple(
        Annotation(AnnotationId(f"{n}"), TierId(tier), start * S, end * S, "a", MADE)
        for n, (tier, start, end) in enumerate(spans)
    )
    bundle = session_bundle(tiers, annotations, (scheme,))
    (path,) = written("boris", [bundle], tmp_path)
    assert list(json.loads(path.read_text())["observations"]) == [SID, f"{SID} 2"]
    assert lost_by("boris", [bundle])["intervals that overlap another one of the same behaviour"] == 1


def test_labels_and_choices_are_found_in_a_chosen_scheme(tmp_path: Path) -> None:
    scheme: Scheme = scheme_of({"0f3c": "Reach"}, "hand")
    (bundle, _) = bundles_of(parts_of("boris", project(tmp_path), scheme=scheme))
    hand = next(tier for tier in bundle.tiers if tier.tier_type == "hand")
    assert (hand.scheme_id, bundle.in_tier(hand)[0].label) == (scheme.id, "0f3c")


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(facts: dict[str, Any]) -> None:
        *way, last = path.split("/")
        for name in way:
            facts = facts[name]
        facts[last] = value

    return change


DEEP: Any = []
for _ in range(100):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("observations", {}), "no observations"),
        (_set("observations", []), "aren't built as BORIS"),
        (lambda facts: facts.pop("behaviors_conf"), "no ethogram"),
        (_set("behaviors_conf/0/code", ""), "has no code"),
        (_set("observations/P01 take 1/events", [["soon", "", "look", "", ""]]), "no time in seconds"),
        (_set("observations/P01 take 1/events", [[1e300, "", "look", "", ""]]), "no time in seconds"),
        (_set("observations/P01 take 1/events", [[1]]), "no time, subject and code"),
        (_set("observations/P01 take 1/events", {"0": 1}), "aren't built as BORIS"),
        (_set("coding_map", DEEP), "nested deeper"),
    ],
)
def test_what_is_no_project_is_refused_in_a_sentence(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    with pytest.raises(WozError, match=says) as refused:
        parts_of("boris", project(tmp_path, change))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "cut short"),
        (json.dumps(AS_BORIS_WRITES).encode()[:-300], "cut short"),
        (b"[1, 2]", "no project of BORIS"),
        (b"<xml/>", "cut short, or no JSON|no JSON"),
        ('{"observations": {"é": {}}}'.encode("latin-1"), "no JSON"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "x.boris").write_bytes(raw)
    with pytest.raises(WozError, match=says):
        parts_of("boris", tmp_path / "x.boris")


def test_a_long_observation_is_read_in_bounded_memory(tmp_path: Path) -> None:
    def long(count: int) -> Path:
        events = [[n / 2, "", "reach", "", ""] for n in range(2 * count)]
        return project(tmp_path, _set("observations/P01 take 1/events", events))

    few, few_bytes = peak_of("boris", long(1_000))
    many, many_bytes = peak_of("boris", long(10_000))
    assert many - few == 9_000
    assert many_bytes < 1.5 * few_bytes + 100_000
