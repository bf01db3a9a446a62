"""MS-TCN's frame labels and ActivityNet's segments: loaded as their evaluations load them, and read again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.rich_bundles import SID, S, rich, scheme_of, session_bundle
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.formats import reading
from woz.formats.bundle import SessionBundle
from woz.formats.spans import END_BEFORE
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier

MADE = Made(Origin.MANUAL, "woz")
SCHEME = scheme_of({"a": "Pick up", "b": "Put", "c": "Unused"})
TIER = Tier(TierId("t"), SID, SCHEME.id, 1, "acts", "acts", MADE)


def session(*spans: tuple[str, float, float], length_s: float = 2) -> SessionBundle:
    annotations = tuple(
        Annotation(AnnotationId(f"{n}"), TIER.id, round(start * S), round(end * S), label, MADE)
        for n, (label, start, end) in enumerate(spans)
    )
    bundle = session_bundle((TIER,), annotations, (SCHEME,))
    return replace(bundle, session=replace(bundle.session, duration_ns=round(length_s * S)))


def loaded(folder: Path) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Labels by number and frames by video, by the steps of the reference's loading: lines but for what follows the
    last one, a number and a label with a blank between, the videos that a list of a split names.
    """
    actions = (folder / "mapping.txt").read_text().split("\n")[:-1]
    numbers = {line.split()[1]: int(line.split()[0]) for line in actions}
    names = (folder / "splits" / "train.split1.bundle").read_text().split("\n")[:-1]
    return numbers, {name: (folder / "groundTruth" / name).read_text().split("\n")[:-1] for name in names}


def test_frames_are_loaded_as_the_reference_loads_them(tmp_path: Path) -> None:
    bundle = session(("a", 0.5, 1), ("b", 1.1, 1.5))
    written("ms-tcn", [bundle], tmp_path, 10.0)
    numbers, videos = loaded(tmp_path / "ms-tcn" / "acts")
    assert numbers == {"background": 0, "Pick_up": 1, "Put": 2, "Unused": 3}
    frames = ["background"] * 5 + ["Pick_up"] * 5 + ["background"] + ["Put"] * 4 + ["background"] * 5
    assert videos == {f"{SID}.txt": frames}
    parts = parts_of("ms-tcn", tmp_path / "ms-tcn" / "acts", frame_rate=10.0)
    (back,) = bundles_of(parts)
    assert [(each.label, each.start_ns, each.end_ns) for each in back.annotations] == [
        ("Pick_up", S // 2, S),
        ("Put", 11 * S // 10, 3 * S // 2),
    ]
    assert (back.session.duration_ns, lost_in(parts)) == (2 * S, {"lists of splits": 1})
    (named,) = bundles_of(parts_of("ms-tcn", tmp_path / "ms-tcn" / "acts", frame_rate=10.0, scheme=SCHEME))
    assert [each.label for each in named.annotations] == ["a", "b"]
    (alone,) = bundles_of(parts_of("ms-tcn", tmp_path / f"ms-tcn/acts/groundTruth/{SID}.txt", frame_rate=10.0))
    assert len(alone.annotations) == 2


def test_where_segments_overlap_the_later_one_holds_and_that_is_told(tmp_path: Path) -> None:
    bundle = session(("a", 0, 1), ("b", 0.5, 0.7), length_s=1)
    written("ms-tcn", [bundle], tmp_path, 10.0)
    _, videos = loaded(tmp_path / "ms-tcn" / "acts")
    assert list(videos.values()) == [["Pick_up"] * 5 + ["Put"] * 2 + ["Pick_up"] * 3]
    assert lost_by("ms-tcn", [bundle])["segments that overlap one before: its label ends there"] == 1


@settings(max_examples=scaled(50))
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 9)), max_size=6),
    st.sampled_from([25.0, 29.97, 30.0, 59.94]),
)
def test_segments_of_whole_frames_come_back(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, int, int]], rate: float
) -> None:
    lines = [f for label, gap, length in pieces for f in (*["background"] * (gap + 1), *[label] * length)]
    folder = tmp_path_factory.mktemp("frames")
    (folder / "v.txt").write_text("".join(f"{line}\n" for line in [*lines, "background"]))
    (bundle,) = bundles_of(parts_of("ms-tcn", folder, frame_rate=rate))
    (path, *_) = written("ms-tcn", [bundle], folder, rate) if bundle.annotations else (folder / "v.txt",)
    assert path.read_text() == (folder / "v.txt").read_text()


@settings(max_examples=scaled(40))
@given(bundle=rich())
def test_any_session_has_as_many_frames_as_it_is_long(
    tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle
) -> None:
    for path in written("ms-tcn", [bundle], tmp_path_factory.mktemp("frames"), 1.0):
        if path.parent.name == "groundTruth":
            numbers, _ = loaded(path.parents[1])
            lines = path.read_text().split("\n")
            assert (len(lines), lines[-1]) == (61, "")
            assert {*lines[:-1]} <= numbers.keys()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("two words\n", "line 1 holds no single label"),
        ("a\n\nb\n", "line 2"),
        ("x" * 600, "line 1"),
        ("start,end\n0, 1", "line 2"),
    ],
)
def test_other_texts_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "v.txt").write_text(text)
    with pytest.raises(WozError, match=says):
        parts_of("ms-tcn", tmp_path, frame_rate=25.0)


def test_frames_need_a_rate_a_folder_and_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="--frame-rate"):
        parts_of("ms-tcn", tmp_path)
    with pytest.raises(WozError, match="groundTruth"):
        parts_of("ms-tcn", tmp_path, frame_rate=25.0)
    (tmp_path / "groundTruth").mkdir()
    (tmp_path / "groundTruth" / "v.txt").write_bytes(b"a\nb\xff\n")
    with pytest.raises(WozError, match="no text in UTF-8"):
        parts_of("ms-tcn", tmp_path, frame_rate=25.0)
    (tmp_path / "groundTruth" / "v.txt").write_text("a\n")
    (tmp_path / "mapping.txt").write_text("a 0\n")
    with pytest.raises(WozError, match="line 1 is no number with a label"):
        parts_of("ms-tcn", tmp_path, frame_rate=25.0)


def test_long_files_of_frames_are_read_in_bounded_memory(tmp_path: Path) -> None:
    def frames(count: int) -> Path:
        path = tmp_path / f"{count}" / "v.txt"
        path.parent.mkdir()
        path.write_text("".join(f"l{n % 7}\n" for n in range(count)))
        return path.parent

    few, many = (peak_of("ms-tcn", frames(count), frame_rate=25.0) for count in (1_000, 10_000))
    assert (few[0], many[0]) == (1_002, 10_002)
    assert many[1] < 1.5 * few[1] + 100_000


AS_PUBLISHED: dict[str, Any] = {
    "version": "VERSION 1.3",
    "taxonomy": [
        {"nodeId": 269, "nodeName": "Root", "parentId": None, "parentName": None},
        {"nodeId": 270, "nodeName": "Pour", "parentId": 269, "parentName": "Root"},
    ],
    "database": {
        "v_1": {
            "duration": 82.75,
            "subset": "training",
            "resolution": "320x240",
            "url": "https://example.org/1",
            "annotations": [
                {"segment": [0.01, 16.69], "label": "Pour"},
                {"segment": [16, 10.5], "label": "Pour"},
                {"segment": [3, 99.123456789], "label": "Stir", "hand": ["left", "right"], "ok": True},
            ],
        },
        "v_2": {"duration": 10, "subset": "testing", "annotations": []},
    },
}


def published(folder: Path, facts: Any = AS_PUBLISHED) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps(facts))
    return path


def test_a_database_comes_back_as_it_was(tmp_path: Path) -> None:
    """Made up after the published one: an end before its start, one after the video's, a new label."""
    parts = parts_of("activitynet", published(tmp_path))
    bundles = bundles_of(parts)
    first = bundles[0]
    segments = next(tier for tier in first.tiers if tier.tier_type == "segments")
    pour, stir, backwards = sorted(first.in_tier(segments), key=lambda each: each.start_ns or 0)
    assert (pour.start_ns, pour.end_ns, first.session.duration_ns) == (10_000_000, 16_690_000_000, 82_750_000_000)
    assert (backwards.start_ns, backwards.end_ns, backwards.value(END_BEFORE)) == (16 * S, None, 10.5)
    assert stir.end_ns == 99_123_456_789
    (scheme,) = first.schemes.values()
    assert scheme.tier_type("segments").label("Pour").parent == "Root"
    assert lost_in(parts) == {"numbers of the taxonomy's nodes": 2}
    (path,) = written("activitynet", bundles, tmp_path)
    back = json.loads(path.read_text())
    for video, bundle in zip(AS_PUBLISHED["database"].values(), bundles, strict=True):
        again = back["database"][bundle.session.id]
        assert sorted(map(str, again.pop("annotations"))) == sorted(map(str, map(_floats, video["annotations"])))
        assert again == {key: value for key, value in video.items() if key != "annotations"}
    assert back["version"] == "VERSION 1.3"
    assert [(node["nodeName"], node["parentName"]) for node in back["taxonomy"]][:2] == [
        ("Root", None),
        ("Pour", "Root"),
    ]


def _floats(each: dict[str, Any]) -> dict[str, Any]:
    return {**each, "segment": [float(time) for time in each["segment"]]}


def test_predictions_are_a_machine_s_tier_and_leave_in_a_file_of_their_own(tmp_path: Path) -> None:
    facts = {
        "version": "V",
        "results": {"v_1": [{"label": "Pour", "score": 0.5, "segment": [1, 2.5]}]},
        "external_data": {},
    }
    bundles = bundles_of(parts_of("activitynet", published(tmp_path, facts)))
    (tier,) = bundles[0].tiers
    assert (tier.made.origin, bundles[0].annotations[0].confidence) == (Origin.MACHINE, 0.5)
    database, predictions = written("activitynet", bundles, tmp_path)
    ground = json.loads(database.read_text())
    assert {"database", "taxonomy", "version"} <= ground.keys()
    found = json.loads(predictions.read_text())
    assert {"results", "version", "external_data"} <= found.keys()
    assert found["results"][bundles[0].session.id] == [{"segment": [1.0, 2.5], "label": "Pour", "score": 0.5}]


@settings(max_examples=scaled(60))
@given(bundle=rich())
def test_all_intervals_come_back_from_activitynet(
    tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle
) -> None:
    paths = written("activitynet", [bundle], tmp_path_factory.mktemp("anet"))
    back = [each for file in paths for one in bundles_of(parts_of("activitynet", file)) for each in one.annotations]
    assert sorted(map(repr, map(_segment, back))) == sorted(
        repr(_segment(replace(each, label=bundle.label_name(tier, each.label))))
        for tier in bundle.tiers
        for each in bundle.in_tier(tier)
        if each.start_ns is not None
    )


def _segment(each: Annotation) -> tuple[Any, ...]:
    """A point is an empty interval."""
    values = sorted(
        repr((at.key.removeprefix("attribute:"), at.value))
        for at in each.attributes
        if not isinstance(at.value, ItemRef)
    )
    end = each.start_ns if each.end_ns is None else each.end_ns
    return each.label, each.start_ns, end, each.note, each.confidence, values


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ([], "no object of ActivityNet"),
        ({}, "no database and no results"),
        ({"database": {"v": 3}}, "not laid out as a data set of ActivityNet"),
        ({"database": {"v": {"duration": "long", "annotations": []}}}, "'long' is no duration"),
        ({"database": {"v": {"annotations": {}}}}, "its annotations are no list"),
        ({"database": [{"annotations": []}]}, "no database and no results"),
        ({"results": {"v": {"a": 1}}}, "its predictions are no list"),
        ({"results": {"v": 3}}, "not laid out as a data set of ActivityNet"),
        ({"database": {"v": {"annotations": [{"segment": [1], "label": "x"}]}}}, "no label or no times"),
        ({"database": {"v": {"annotations": [{"segment": [1, 1e300], "label": "x"}]}}}, "no label or no times"),
        ({"results": {"v": [{"segment": [1, 2]}]}}, "no label or no times"),
        ({"results": {"v": [{"segment": [1, 2], "label": "x", "score": "high"}]}}, "no label or no times"),
    ],
)
def test_other_json_is_refused_in_a_sentence(tmp_path: Path, facts: Any, says: str) -> None:
    with pytest.raises(WozError, match=says) as refused:
        parts_of("activitynet", published(tmp_path, facts))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "raw", [b"", json.dumps(AS_PUBLISHED).encode()[:-40], b'{"database": ' + b"[" * 5000, b"a\n", b'{"\xe9": 1}']
)
def test_what_is_no_json_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.json").write_bytes(raw)
    with pytest.raises(WozError):
        parts_of("activitynet", tmp_path / "x.json")


def test_one_video_of_many_segments_is_read_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a list is, only one segment of it is held."""

    def many(count: int, kind: str) -> Path:
        some = [{"segment": [n, n + 0.5], "label": f"l{n % 7}", "score": 0.5} for n in range(count)]
        return published(tmp_path, {"results": {"v.1": some}} if kind == "results" else _videos({"v.1": some}))

    monkeypatch.setattr(reading, "MOST_JSON_BYTES", 100_000)
    for kind in ("results", "database"):
        few, more = (peak_of("activitynet", many(count, kind)) for count in (1_000, 10_000))
        assert (few[0], more[0]) == (1_002, 10_002)
        assert more[1] < 1.5 * few[1] + 150_000


def _videos(segments: dict[str, Any]) -> dict[str, Any]:
    return {"database": {key: {"annotations": each, "duration": 9} for key, each in segments.items()}}


@pytest.mark.parametrize(
    ("split", "subset"), [("train", "training"), ("test", "testing"), ("fold 1", "fold 1"), ("", "")]
)
def test_the_subset_is_the_releases_split_unless_the_file_said_another(
    tmp_path: Path, split: str, subset: str
) -> None:
    bundle = replace(session(("a", 0, 1)), split=split)
    [path] = written("activitynet", [bundle], tmp_path)
    assert json.loads(path.read_text())["database"][SID]["subset"] == subset
    told = lost_by("activitynet", [bundle])
    assert told.get("subsets of videos that are in no release", 0) == (not split)
    read = [replace(each, split=split) for each in bundles_of(parts_of("activitynet", published(tmp_path)))]
    [path] = written("activitynet", read, tmp_path / "again")
    videos = json.loads(path.read_text())["database"].values()
    assert [video["subset"] for video in videos] == ["training", "testing"]
    assert "subsets of videos that are in no release" not in lost_by("activitynet", read)


def test_many_videos_are_read_in_bounded_memory(tmp_path: Path) -> None:
    def many(count: int) -> Path:
        some = [{"segment": [n, n + 1.5], "label": f"l{n % 7}"} for n in range(100)]
        return published(
            tmp_path, {"database": {f"v{n}": {"duration": 200, "annotations": some} for n in range(count // 100)}}
        )

    few, more = (peak_of("activitynet", many(count)) for count in (1_000, 10_000))
    assert (few[0], more[0]) == (1_020, 10_200)
    assert more[1] < 1.5 * few[1] + 150_000
