"""A release: the same bytes again, nothing later than the question in it, nothing half built, changes found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.core.release_room import LENGTH_S, RATE, WRONG, S, amiss, build, bundle, film, question
from tests.core.small_disk import mounted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.release.building import ReleaseBuilder
from woz.dataset.release.changes import Earlier
from woz.dataset.release.checking import frozen
from woz.dataset.release.clips import Cut, Film, cut_clip, frame_times
from woz.dataset.release.comparing import reached
from woz.dataset.release.fields import FIELDS
from woz.dataset.release.recipe import Recipe
from woz.dataset.splits.settled import Settled
from woz.model.ids import SessionId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.question import Distractor, ReviewStatus, Wording
from woz.model.session import DataSetSource

PLAIN = Recipe("lamps", clips=False)
SESSIONS = [bundle(f"s{n:02d}", f"P{n % 5:02d}") for n in range(10)]


def lines(folder: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted((folder / "data").glob("*.jsonl")):
        found += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


def test_a_release_is_whole_and_a_change_is_found(tmp_path: Path) -> None:
    built = build(tmp_path / "out", PLAIN, SESSIONS)
    assert sum(built.counts.values()) == 20
    assert amiss(tmp_path / "out") == []
    (tmp_path / "out" / "README.md").unlink()
    data = next(path for path in (tmp_path / "out" / "data").iterdir() if path.stat().st_size)
    data.write_bytes(data.read_bytes().replace(b"red", b"rod"))
    (tmp_path / "out" / "more.txt").write_text("")
    told = amiss(tmp_path / "out")
    assert "README.md is missing." in told
    assert any(each.startswith(f"data/{data.name} is not as it was released") for each in told)
    assert told[-1] == "more.txt is not of the release."


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    for text, why in ((None, "is no release"), ("{", "is no manifest"), ('{"files": 3}', "is no manifest")):
        if text is not None:
            (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(WozError, match=why):
            frozen(tmp_path)
    outside = {"name": "x", "version": "1", "files": {"../x": {"sha256": "", "bytes": 1}}}
    (tmp_path / "manifest.json").write_text(json.dumps(outside))
    with pytest.raises(WozError, match="outside the release"):
        frozen(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({**outside, "files": {}, "query": {"statuses": ["odd"]}}))
    with pytest.raises(WozError, match="What x 1 was built by can't be read"):
        _ = frozen(tmp_path).asked


def test_the_same_sessions_make_the_same_bytes(tmp_path: Path) -> None:
    video = film(tmp_path)
    for out, bundles in (("one", SESSIONS[:2]), ("two", SESSIONS[1::-1])):
        build(tmp_path / out, Recipe("lamps"), bundles, video)
    assert (tmp_path / "one" / "manifest.json").read_bytes() == (tmp_path / "two" / "manifest.json").read_bytes()
    assert amiss(tmp_path / "two") == []


def test_a_film_is_read_once_to_plan_and_once_to_cut(tmp_path: Path) -> None:
    video, read, two = film(tmp_path), list[SessionId](), SESSIONS[:2]
    by_id = {each.session.id: each for each in two}

    def film_of(session_id: SessionId) -> Film:
        read.append(session_id)
        return video

    sessions = [each.session for each in two]
    ReleaseBuilder(Recipe("lamps"), sessions, by_id.__getitem__, film_of, lambda *_: None).build(tmp_path / "out")
    assert read == 2 * [each.id for each in sessions]


def test_no_frame_and_no_sound_is_later_than_the_question(tmp_path: Path) -> None:
    build(tmp_path / "out", Recipe("lamps", clip_ns=5 * S, frames=4), SESSIONS[:1], film(tmp_path))
    record = lines(tmp_path / "out")[0]
    assert (record["clip_start_s"], record["clip_end_s"], record["asked_at_s"]) == (1, 6, 6)
    assert record["frame_times_s"] == [1.6, 2.8, 4.1, 5.3]
    with av.open(str(tmp_path / "out" / record["clip"])) as clip:
        shown = [frame.time for frame in clip.decode(video=0)]
        assert shown == pytest.approx([i / 10 for i in range(50)], abs=1e-6)
        clip.seek(0)
        heard = np.concatenate([frame.to_ndarray()[0] for frame in clip.decode(audio=0)])
    assert np.abs(heard[: round(4.4 * RATE)]).max() > 0.2
    assert np.abs(heard[round(4.55 * RATE) :]).max() < 0.01
    assert (tmp_path / "out" / record["frames"][3]).read_bytes()[:2] == b"\xff\xd8"
    assert record["context"] == ["expert: Good."]


def test_a_frame_shown_at_its_table_s_time_decides(tmp_path: Path) -> None:
    video = replace(film(tmp_path), exact={5_900_000_000: 6_000_100_000})
    cut = Cut(Interval(5 * S, 6 * S), 6 * S, 2)
    times = cut_clip(video, cut, tmp_path / "c.mp4", [tmp_path / "0.jpg", tmp_path / "1.jpg"])
    assert times == [5_200_000_000, 5_700_000_000]
    with av.open(str(tmp_path / "c.mp4")) as clip:
        assert len(list(clip.decode(video=0))) == 9


def test_frames_are_of_the_middles_of_equal_parts() -> None:
    assert frame_times(Interval(0, 8), 4) == [1, 3, 5, 7]


def test_options_follow_from_seed_and_id(tmp_path: Path) -> None:
    build(tmp_path / "one", PLAIN, SESSIONS)
    build(tmp_path / "two", replace(PLAIN, seed=1), SESSIONS)
    one, two = lines(tmp_path / "one"), lines(tmp_path / "two")
    for record in (*one, *two):
        assert record["options"][record["answer_index"]] == record["answer"]
        assert len(record["options"]) == len(record["option_wordings"]) == 4
    assert len({record["answer_index"] for record in one}) > 1
    order = {record["id"]: record["options"] for record in one}
    assert any(order[record["id"]] != record["options"] for record in two)


def test_who_may_not_be_released_is_left_out_and_counted(tmp_path: Path) -> None:
    shut = bundle("s90", "P90", agreed=False)
    gone = replace(
        bundle("s91", "P91"), participants=(replace(bundle("s91", "P91").participants[0], withdrawn=True),)
    )
    known = replace(
        shut, session=replace(shut.session, id=SessionId("s92"), provenance=DataSetSource("Lamps", "CC BY 4.0"))
    )
    built = build(tmp_path / "out", PLAIN, [*SESSIONS, shut, gone, known])
    assert set(built.left_out.sessions) == {"s90", "s91"}
    assert built.left_out.questions == {"their session may not be released": 4}
    left = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["left_out"]
    assert left["sessions"] == {
        "somebody has not agreed to public release": 1,
        "somebody has withdrawn from the study": 1,
    }
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "1 session left out: somebody has withdrawn from the study." in card
    assert "Lamps (CC BY 4.0)" in card
    with pytest.raises(WozError, match="No session may be released"):
        build(tmp_path / "none", PLAIN, [shut])
    assert not list(tmp_path.glob("*none*"))


def test_who_is_left_out_is_named_in_no_byte_of_a_release_nor_of_the_one_after_a_withdrawal(tmp_path: Path) -> None:
    shut, leaving = bundle("hidden-90", "Ninety", agreed=False), bundle("hidden-91", "Leaver")
    answers = tuple(replace(each, answer="Behind the old barn.") for each in leaving.questions)
    leaving = replace(leaving, questions=answers)
    known = Distractor("Behind the old barn.", source="hidden-91-a")
    taken = Distractor("Behind the old barn.", Wording("A01", "taken: answer to a like question"))
    others = [
        replace(made, questions=(question(made.session.id, "a", distractors=(*map(Distractor, WRONG), wrong)),))
        for made, wrong in zip(SESSIONS[:2], (known, taken), strict=True)
    ]
    recipe = replace(PLAIN, tasks=("when-to-speak",), frames=2, clips=True)
    build(tmp_path / "1", recipe, [*others, shut, leaving], film(tmp_path))
    told = _bytes(tmp_path / "1")
    assert not [name for name in (b"hidden-90", b"Ninety") if name in told]
    assert all(name in told for name in (b"hidden-91", b"Leaver", b"old barn"))
    gone = replace(leaving, participants=(replace(leaving.participants[0], withdrawn=True),))
    later = replace(recipe, version="1.1.0", earlier=Earlier.at(tmp_path / "1"))
    built = build(tmp_path / "2", later, [*others, shut, gone], film(tmp_path))
    told = _bytes(tmp_path / "2")
    assert not [name for name in (b"hidden-9", b"Ninety", b"Leaver", b"old barn") if name in told]
    assert built.left_out.wrong == 2
    assert "hidden-91 is left out: Leaver has withdrawn from the study." in built.left_out.sentences()
    left = json.loads((tmp_path / "2" / "manifest.json").read_text(encoding="utf-8"))["left_out"]
    assert left["wrong_answers"] == {"they were said where nothing may be released": 2}
    assert (len(lines(tmp_path / "2")), {len(each["options"]) for each in lines(tmp_path / "2")}) == (2, {4})
    assert reached(tmp_path / "2", "Leaver") == {}


def _bytes(folder: Path) -> bytes:
    """All files of a release, with their names."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"\n".join(path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in files)


def test_question_sets_that_don_t_fit_are_counted_by_reason(tmp_path: Path) -> None:
    own = (
        question("s00", "a"),
        question("s00", "b", status=ReviewStatus.PROPOSED),
        question("s00", "c", distractors=()),
        question("s00", "d", made=Made(Origin.DERIVED, stale=True)),
        question("s00", "e", answer=" "),
        question("s00", "f", asked_ns=(LENGTH_S + 1) * S),
    )
    built = build(tmp_path / "out", Recipe("lamps"), [replace(SESSIONS[0], questions=own)], film(tmp_path))
    assert (sum(built.counts.values()), built.left_out.questions.total()) == (1, 5)
    assert built.left_out.questions["their clip lies outside the video"] == 1
    assert "2 question sets" not in " ".join(built.left_out.sentences())
    for wrong, told in (
        (
            own[1:2],
            r"\(1 because it is proposed\); accept some with .*, or take proposals with --status proposed\.",
        ),
        (
            own[2:3],
            r"\(1 because it has no wrong answer\); have who judged them write some \(W\) in woz questions review"
            r" PROJECT, or take fewer with --fewest-wrong\.",
        ),
        (own[4:5], r"No question set goes into this release \(1 because it has no question or no answer\)\."),
        (
            own[3:4],
            r"\(1 because its transcript was corrected since\); judge anew what was corrected, with .* PROJECT\.",
        ),
    ):
        with pytest.raises(WozError, match=told):
            build(tmp_path / "none", PLAIN, [replace(SESSIONS[0], questions=wrong)])
    with pytest.raises(WozError, match="has no question sets"):
        build(tmp_path / "none", PLAIN, [replace(SESSIONS[0], questions=())])


def test_what_is_asked_as_a_session_begins_has_no_clip_to_show(tmp_path: Path) -> None:
    soon = question("s", "soon", clip=Interval(0, S // 2), asked=Interval(0, S // 2), asked_ns=S // 2)
    made = replace(bundle("s", "P"), questions=(soon, question("s", "a")))
    recipe = Recipe("lamps", frames=2, shares={"test": 1.0})
    built = build(tmp_path / "r", recipe, [made], film(tmp_path))
    assert (built.counts, dict(built.left_out.questions)) == ({"test": 1}, {"their clip is shorter than 1 s": 1})
    assert build(tmp_path / "words", replace(recipe, clips=False), [made]).counts == {"test": 2}


def test_no_group_is_in_two_splits_and_earlier_splits_are_kept(tmp_path: Path) -> None:
    build(tmp_path / "one", PLAIN, SESSIONS)
    groups: dict[str, set[str]] = {}
    for record in lines(tmp_path / "one"):
        groups.setdefault(record["participants"][0], set()).add(record["split"])
    assert all(len(splits) == 1 for splits in groups.values())
    locked = frozen(tmp_path / "one").groups
    more = [*SESSIONS, *(bundle(f"n{n}", f"Q{n}") for n in range(6))]
    build(tmp_path / "two", replace(PLAIN, seed=9, version="1.1.0", earlier=Earlier.at(tmp_path / "one")), more)
    later = frozen(tmp_path / "two").groups
    assert {group: later[group] for group in locked} == locked
    assert len(later) == 11


def test_each_of_those_who_were_in_one_group_keeps_its_split_alone(tmp_path: Path) -> None:
    apart = [bundle("s1", "P01"), bundle("s2", "P02")]
    people = tuple(each.participants[0] for each in apart)
    joint = replace(bundle("s3", "P01"), participants=people)
    joint = replace(joint, session=replace(joint.session, participants=tuple(each.id for each in people)))
    built = build(tmp_path / "one", PLAIN, [*apart, joint])
    assert (built.groups["P01"], set(frozen(tmp_path / "one").groups)) == (built.groups["P02"], {"P01"})
    settled = Settled().then("lamps 1.0.0", built.groups)
    build(tmp_path / "two", replace(PLAIN, version="1.1.0", settled=settled), apart)
    assert frozen(tmp_path / "two").groups == built.groups
    build(tmp_path / "three", PLAIN, apart)
    assert len(set(frozen(tmp_path / "three").groups.values())) == 2, "where nothing is settled they are apart"


def test_nothing_half_built_looks_whole_and_it_goes_on(tmp_path: Path) -> None:
    video = film(tmp_path)
    later = question("s01", "x", asked_ns=20 * S, clip=Interval(15 * S, 20 * S))
    longer = replace(SESSIONS[1].session, duration_ns=30 * S)
    broken = replace(SESSIONS[1], session=longer, questions=(later,))
    with pytest.raises(WozError, match="lies outside the video"):
        build(tmp_path / "out", Recipe("lamps"), [SESSIONS[0], broken], video)
    assert not (tmp_path / "out").exists()
    first = next((tmp_path / ".out.building" / "clips").glob("*.mp4"))
    before = first.stat().st_mtime_ns
    (tmp_path / ".out.building" / "clips" / "of-another-try.mp4").write_bytes(b"")
    build(tmp_path / "out", Recipe("lamps"), [SESSIONS[0]], video)
    assert len(list((tmp_path / "out" / "clips").iterdir())) == 2
    assert (tmp_path / "out" / "clips" / first.name).stat().st_mtime_ns == before
    assert amiss(tmp_path / "out") == []
    assert not (tmp_path / ".out.building").exists()
    with pytest.raises(WozError, match="never written over"):
        build(tmp_path / "out", PLAIN, SESSIONS)


def test_what_another_build_of_the_encoder_cut_is_cut_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = film(tmp_path)
    later = question("s01", "x", asked_ns=20 * S, clip=Interval(15 * S, 20 * S))
    longer = replace(SESSIONS[1].session, duration_ns=30 * S)
    broken = replace(SESSIONS[1], session=longer, questions=(later,))
    with pytest.raises(WozError, match="lies outside the video"):
        build(tmp_path / "out", Recipe("lamps"), [SESSIONS[0], broken], video)
    first = next((tmp_path / ".out.building" / "clips").glob("*.mp4"))
    before = first.stat().st_ino
    monkeypatch.setattr(av, "library_versions", {**av.library_versions, "libavcodec": (1, 2, 3)})
    build(tmp_path / "out", Recipe("lamps"), [SESSIONS[0]], video)
    assert (tmp_path / "out" / "clips" / first.name).stat().st_ino != before


def test_a_disk_that_fills_while_cutting_is_said_and_leaves_no_release(tmp_path: Path) -> None:
    video = film(tmp_path)
    with mounted(tmp_path / "disk", "200k") as disk:
        for recipe in (Recipe("lamps"), PLAIN):
            sessions = [bundle(f"s{n:03d}", f"P{n}") for n in range(4 if recipe.clips else 100)]
            with pytest.raises(WozError, match=r"can't be written.*No space left.*nothing was released"):
                build(disk / "out", recipe, sessions, video)
            assert not (disk / "out").exists()


def test_a_recipe_that_can_t_be_followed_is_refused() -> None:
    for wrong in ({"name": "a b"}, {"name": "x", "frames": 0}, {"name": "x", "shares": {"train": 0.5}}):
        with pytest.raises(WozError):
            Recipe(**wrong)


def test_every_field_is_declared(tmp_path: Path) -> None:
    build(tmp_path / "out", PLAIN, SESSIONS)
    for record in lines(tmp_path / "out"):
        assert list(record) == list(FIELDS)
        for name, (kind, several, _) in FIELDS.items():
            values = record[name] if several else [record[name]]
            types = {"string": str, "int64": int, "float64": (int, float), "bool": bool}
            assert all(isinstance(value, types[kind]) for value in values), name  # type: ignore[arg-type]
    told = json.loads((tmp_path / "out" / "croissant.json").read_text(encoding="utf-8"))
    files = frozen(tmp_path / "out").files
    assert [each["sha256"] for each in told["distribution"]] == [
        files[each["contentUrl"]].sha256 for each in told["distribution"]
    ]
