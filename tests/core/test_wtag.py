"""WTaG's folders, written after the programs that read them, in and out again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, parts_of, peak_of, written
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.schemes.checking import check
from woz.schemes.shipped import shipped

NAME = "wtag"
S = 10**9
FIRST = 638_000_000_000_000_000
TIMING, STEPS, USER, INSTRUCTOR = (
    "Video/VideoMpegTiming.txt",
    "StepDetection/StepDetection.txt",
    "TextASR/UserAnnotations_intent.txt",
    "TextASR/InstructorAnnotations_intent.txt",
)


def line(start: float, end: float, *cells: str) -> str:
    return "\t".join((str(FIRST + int(start * 10**7)), str(FIRST + int(end * 10**7)), *cells)) + "\n"


WHOLE = {
    TIMING: f"{FIRST}\n{FIRST + 60 * 10**7}\n",
    STEPS: "".join(
        (
            line(0, 1, "Start"),
            line(1, 5.5, "Step 1"),
            line(5, 9, "2"),
            line(9, 8, "Whisk it"),
            line(9, 10, "Done"),
        )
    ),
    USER: "".join(
        (
            line(2, 3, "Is it right?", "Question"),
            line(2.5, 3, "hm", "hesitation ", "Other", "new"),
            line(4, 5, "Yes."),
        )
    ),
    INSTRUCTOR: line(3, 4, "No, the other bowl.", "Instruction", "Mistake", "Wrong object")
    + line(6, 7, "Whisk.", "Instruction", "next step")
    + line(8, 7, "", "Answer"),
}


def a_folder(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def bundle_of(folder: Path) -> SessionBundle:
    [bundle] = bundles_of(parts_of(NAME, folder))
    return bundle


def texts(paths: list[Path], out: Path) -> dict[str, str]:
    """By their places in the video's folder."""
    return {"/".join(path.relative_to(out).parts[1:]): path.read_bytes().decode() for path in paths}


def there_and_back(folder: Path, out: Path) -> dict[str, str]:
    return texts(written(NAME, [bundle_of(folder)], out), out)


def test_the_scheme_is_sound() -> None:
    assert check(shipped(NAME)) == []


def test_a_folder_comes_back(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "T1_cake", WHOLE)
    assert there_and_back(folder, tmp_path / "out") == WHOLE
    assert (tmp_path / "out" / "T1_cake").is_dir()


def test_the_recipe_beside_the_folder_is_the_procedure(shared_data: Path, tmp_path: Path) -> None:
    shutil.copy(shared_data / "annotations" / NAME / "recipe_cake.txt", tmp_path)
    folder = a_folder(tmp_path / "T1_cake", WHOLE)
    bundle = bundle_of(folder)
    assert bundle.procedure
    assert bundle.procedure.name == "Mug Cake"
    steps = [each.label for tier in bundle.tiers if tier.tier_type == "steps" for each in bundle.in_tier(tier)]
    assert steps == ["Start", "1", "2", "Whisk it", "Done"]
    assert there_and_back(folder, tmp_path / "out") == WHOLE


def test_what_utterances_are_for(tmp_path: Path) -> None:
    bundle = bundle_of(a_folder(tmp_path / "T1_cake", WHOLE))
    tiers = {tier.tier_type: bundle.in_tier(tier) for tier in bundle.tiers}
    assert [each.label for each in tiers["user"]] == ["Question", "Hesitation", "none"]
    assert [each.value("also") for each in tiers["user"]] == [None, "Other", None]
    first, second, _ = tiers["instructor"]
    assert (first.value("instruction"), first.value("mistake")) == ("mistake correction", "wrong object")
    assert second.value("instruction") == "next step"
    assert [(turn.speaker, turn.text) for turn in bundle.turns][:2] == [
        (Role.TRAINEE, "Is it right?"),
        (Role.TRAINEE, "hm"),
    ]
    assert len(bundle.turns) == 5
    assert bundle.session.duration_ns == 60 * S


def test_a_corrected_text_leaves_with_what_else_the_line_said(tmp_path: Path) -> None:
    bundle = bundle_of(a_folder(tmp_path / "T1_cake", WHOLE))
    turns = tuple(replace(turn, text="hmm") if turn.text == "hm" else turn for turn in bundle.turns)
    again = texts(written(NAME, [replace(bundle, turns=turns)], tmp_path / "out"), tmp_path / "out")
    assert again[USER] == WHOLE[USER].replace("\thm\t", "\thmm\t")


def test_a_session_that_was_made_here_leaves(tmp_path: Path) -> None:
    bundle = bundle_of(a_folder(tmp_path / "T1_cake", WHOLE))
    tier = next(tier for tier in bundle.tiers if tier.tier_type == "user")
    utterance = Annotation(AnnotationId("u"), tier.id, S, 3 * S, "Answer", tier.made)
    transcript = TranscriptId("t")
    turns = (
        Turn(TurnId("a"), transcript, Role.TRAINEE, Interval(S, 2 * S), "Yes,\tit is."),
        Turn(TurnId("b"), transcript, Role.EXPERT, Interval(4 * S, 5 * S), "Well done."),
        Turn(TurnId("c"), transcript, Role.OTHER, Interval(6 * S, 7 * S), "Hello."),
    )
    own = replace(bundle, tiers=(tier,), annotations=(utterance,), turns=turns, links=())
    again = texts(written(NAME, [own], tmp_path / "out"), tmp_path / "out")
    assert set(again) == {TIMING, USER, INSTRUCTOR}
    assert again[USER].split("\t", 2)[2] == "Yes, it is.\tAnswer\n"
    assert again[INSTRUCTOR].split("\t", 2)[2] == "Well done.\n"
    assert lost_by(NAME, [own]) == {"turns of others than user and instructor": 1}


def test_all_videos_of_a_folder_are_read(tmp_path: Path) -> None:
    for name in ("T2_cake", "T1_coffee"):
        a_folder(tmp_path / name, WHOLE)
    (tmp_path / "notes").mkdir()
    bundles = bundles_of(parts_of(NAME, tmp_path))
    assert [bundle.session.title for bundle in bundles] == ["T1_coffee", "T2_cake"]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n"), max_size=5)
TICKS = st.integers(FIRST - 10**9, FIRST + 10**9) | st.integers(-(10**17), 10**18 - 1)
INTENTS = st.sampled_from(["Question", "question", "Instruction", "details", "Detailed", "wrong state", "none", ""])
ROWS = st.lists(st.tuples(TICKS, TICKS, st.lists(CELLS | INTENTS, min_size=1)), max_size=5)


@settings(max_examples=scaled(60), deadline=None)
@given(ROWS, ROWS)
def test_dirty_lines_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, list[str]]],
    said: list[tuple[int, int, list[str]]],
) -> None:
    folder = tmp_path_factory.mktemp("dirty")
    files = {
        name: "".join("\t".join((str(start), str(end), *cells)) + "\n" for start, end, cells in rows)
        for name, rows in ((STEPS, steps), (USER, said), (INSTRUCTOR, said))
    }
    whole = {**files, TIMING: f"{FIRST}\n{FIRST - 5}\n\nnote\n"}
    assert there_and_back(a_folder(folder / "T_cake", whole), folder / "out") == whole


@pytest.mark.parametrize(
    "bad",
    [
        {TIMING: f"{FIRST}\n"},
        {TIMING: "start\nend\n"},
        {USER: line(1, 2, "Yes.", "Answer")[:25]},
        {USER: "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"},
        {STEPS: '{"steps": []}'},
        {STEPS: "1\t2\n"},
        {INSTRUCTOR: "x" * (2 * 1024**2)},
    ],
)
def test_bad_folders_are_refused_in_a_sentence(tmp_path: Path, bad: dict[str, str]) -> None:
    folder = a_folder(tmp_path / "T1_cake", {**WHOLE, **bad})
    with pytest.raises(WozError) as refused:
        parts_of(NAME, folder)
    assert str(folder) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-be"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    folder = a_folder(tmp_path / "T1_cake", WHOLE)
    (folder / USER).write_bytes(line(1, 2, "Größe?").encode(encoding))
    with pytest.raises(WozError):
        parts_of(NAME, folder)


def test_a_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x")
    for path in (tmp_path, tmp_path / "file.txt"):
        with pytest.raises(WozError, match="no folder of WTaG"):
            parts_of(NAME, path)


def test_a_session_without_the_scheme_is_refused(tmp_path: Path) -> None:
    bundle = replace(bundle_of(a_folder(tmp_path / "T1_cake", WHOLE)), tiers=())
    with pytest.raises(WozError, match="no tier of the scheme 'wtag'"):
        written(NAME, [bundle], tmp_path / "out")


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        folder = a_folder(tmp_path / f"T{count}_cake", {**WHOLE, STEPS: line(1, 2, "Whisk.") * count})
        parts, peak = peak_of(NAME, folder)
        assert parts > count
        peaks.append(peak)
    assert peaks[1] < 2 * peaks[0] + 200_000
