"""WebVTT, in and out: turns with voices and words, and all else that a file of subtitles holds."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import webvtt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.format_values import SID, TID, S, bundle_of, bundles, turns
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.transcripts.webvtt import read_turns
from woz.model.ids import TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.session import Session, SessionState
from woz.model.transcript import SPREAD, Transcript, Turn, Word

MS = 1_000_000
TRANSCRIPT = Transcript(TID, SID, Origin.SCRIPT, "en", "test", 0)
SESSION = Session(SID, "t", SessionState.CLOSED, 0, 60 * S)
REAL = "captions_with_bom comments cue_tags metadata_headers one_caption sample styles using_identifiers youtube_dl"


def _file(folder: Path, text: str) -> Path:
    path = folder / "x.vtt"
    path.write_text(text, encoding="utf-8")
    return path


def _lines(path: Path) -> list[str]:
    """Of a file: times in full, without empty ones, and without what woz notes of the session."""
    text = path.read_text(encoding="utf-8-sig")
    text = re.sub(r"^(\d\d:\d\d\.\d{3}) --> (\d\d:\d\d\.\d{3})", r"00:\1 --> 00:\2", text, flags=re.MULTILINE)
    return [line for line in text.splitlines() if line and not line.startswith("NOTE session ")]


def _again(path: Path, folder: Path) -> Path:
    (out,) = written("webvtt", bundles_of(parts_of("webvtt", path)), folder)
    return out


@pytest.mark.parametrize("name", REAL.split())
def test_real_files_come_back_equal(name: str, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "annotations/subtitles" / f"{name}.vtt"
    parts = parts_of("webvtt", path)
    assert not lost_in(parts)
    out = _again(path, tmp_path)
    assert _lines(out) == _lines(path)
    again = _again(out, tmp_path / "again")
    assert again.read_bytes().splitlines()[1:] == out.read_bytes().splitlines()[1:]


def test_that_was_every_real_file(shared_data: Path) -> None:
    assert sorted(path.stem for path in (shared_data / "annotations/subtitles").glob("*.vtt")) == sorted(
        REAL.split()
    )


def test_times_between_words_are_the_words_times(shared_data: Path) -> None:
    first, second, third = read_turns(shared_data / "annotations/subtitles/cue_tags.vtt", TID)
    assert [(word.text, word.interval.start_ns // MS, word.flag) for word in second.words] == [
        ("Like", 18500, SPREAD),
        ("a", 18750, SPREAD),
        ("big-a", 19000, ""),
        ("pizza", 19500, ""),
        ("pie", 20000, ""),
    ]
    assert [word.interval.end_ns // MS for word in third.words] == [21000, 21500]
    assert (first.text, third.text) == ("When the moon hits your eye", "That's amore")


def _plain(turn: Turn, number: int) -> Turn:
    """Of what WebVTT holds: ms, texts of one line, words that follow one another."""
    start, end = (max(0, edge // MS * MS) for edge in (turn.interval.start_ns, turn.interval.end_ns))
    texts = " ".join(word.text for word in turn.words).split()
    edges = [start + (end - start) * n // max(1, len(texts)) // MS * MS for n in range(len(texts))] + [end]
    spans = [Interval(*pair) for pair in pairwise(edges)]
    words = tuple(map(Word, texts, spans)) if len(texts) > 1 and all(spans) else ()
    text = " ".join(texts or turn.text.split())
    voice = " ".join(turn.voice.split())
    return Turn(TurnId(f"{number}"), TID, turn.speaker, Interval(start, end), text, words=words, voice=voice)


@settings(
    max_examples=scaled(150), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(drawn=st.lists(turns(0), max_size=4))
def test_any_turns_come_back(drawn: list[Turn], tmp_path: Path) -> None:
    said = tuple(_plain(turn, number) for number, turn in enumerate(drawn))
    bundle = bundle_of(SESSION, TRANSCRIPT, said)
    assert not lost_by("webvtt", [bundle]).keys() - {"ends of words"}
    (path,) = written("webvtt", [bundle], tmp_path)
    (back,) = bundles_of(parts_of("webvtt", path))

    def seen(bundle: SessionBundle) -> list[tuple[object, ...]]:
        return sorted((t.interval, t.speaker, t.voice, t.text, t.words) for t in bundle.turns)

    assert seen(back) == seen(bundle)
    assert not back.annotations


@settings(
    max_examples=scaled(60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(bundle=bundles())
def test_whatever_is_written_is_read_by_the_field_s_reader(bundle: SessionBundle, tmp_path: Path) -> None:
    (path,) = written("webvtt", [bundle], tmp_path)
    assert len(webvtt.read(str(path))) == len(bundle.turns) == len(read_turns(path, TID))


def test_the_field_s_reader_finds_voices_and_texts(tmp_path: Path) -> None:
    said = (
        Turn(TurnId("1"), TID, Role.EXPERT, Interval(S, 2 * S), "Take <this> & that"),
        Turn(TurnId("2"), TID, Role.OTHER, Interval(2 * S, 3 * S), "Hi", voice="Anna B"),
        Turn(TurnId("3"), TID, Role.EXPERT, Interval(3 * S, 4 * S), "Yes", voice="Bo"),
    )
    (path,) = written("webvtt", [bundle_of(SESSION, TRANSCRIPT, said)], tmp_path)
    assert [(cue.start, cue.text, cue.voice) for cue in webvtt.read(str(path))][1:] == [
        ("00:00:02.000", "Hi", "Anna B"),
        ("00:00:03.000", "Yes", "Bo"),
    ]
    assert "<v expert>Take &lt;this&gt; &amp; that" in path.read_text()
    assert [(turn.speaker, turn.voice) for turn in read_turns(path, TID)] == [
        (Role.EXPERT, ""),
        (Role.OTHER, "Anna B"),
        (Role.EXPERT, "Bo"),
    ]


def test_an_edited_turn_leaves_as_it_is_now(shared_data: Path, tmp_path: Path) -> None:
    (bundle,) = bundles_of(parts_of("webvtt", shared_data / "annotations/subtitles/styles.vtt"))
    (turn,) = bundle.turns
    (path,) = written("webvtt", [replace(bundle, turns=(replace(turn, text="- Bye world."),))], tmp_path)
    text = path.read_text()
    assert "Bye world." in text
    assert "<b>" not in text
    assert "papayawhip" in text


def test_a_cue_that_ends_before_it_starts_or_is_empty_is_kept_and_no_turn(tmp_path: Path) -> None:
    text = "WEBVTT\n\nid\n00:00:05.000 --> 00:00:04.000 line:0\nback\n\n00:00:06.000 --> 00:00:07.000\n<i></i>\n"
    path = _file(tmp_path, text)
    parts = parts_of("webvtt", path)
    (bundle,) = bundles_of(parts)
    assert (bundle.turns, len(bundle.annotations)) == ((), 2)
    assert _lines(_again(path, tmp_path / "out")) == _lines(path)


def test_what_the_format_can_t_hold_is_counted(tmp_path: Path) -> None:
    word = Word("a", Interval(0, S), 0.5, True, "odd")
    turn = Turn(
        TurnId("1"), TID, Role.EXPERT, Interval(1, S), "a  b", Interval(0, 1), (word,), 0.5, "", True, (), "eins"
    )
    assert lost_by("webvtt", [bundle_of(SESSION, TRANSCRIPT, (turn,))]) == {
        "translations": 1,
        "times at which turns were said, where they were heard later": 1,
        "marks that a turn was checked": 1,
        "turns' confidences": 1,
        "ends of words": 1,
        "words' confidences": 1,
        "words that are doubted, or were found right": 1,
        "flags of words": 1,
        "parts of a millisecond": 1,
        "texts with line breaks, or several blanks": 1,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "no WebVTT"),
        (b"1\n00:00:00,500 --> 00:00:07,000\nx", "no WebVTT"),
        (b"<?xml version='1.0'?><ANNOTATION_DOCUMENT/>", "no WebVTT"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nä".encode("latin-1"), "no text in UTF-8"),
        (b"WEBVTT\n\nNOTE\n" + b"x\n" * 20_000, "more than 10000 lines"),
        (b"WEBVTT\n\n" + b"x" * 3_000_000, "more than a million characters"),
    ],
)
def test_what_is_no_webvtt_is_told_in_a_sentence(text: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.vtt"
    path.write_bytes(text)
    with pytest.raises(WozError, match=said):
        parts_of("webvtt", path)


def test_a_file_cut_short_gives_what_it_has_and_odd_times_are_told(tmp_path: Path) -> None:
    parts = parts_of("webvtt", _file(tmp_path, "WEBVTT\n\n00:0x --> 1\nno\n\n00:00.000 --> 00:01.000\nyes <00:00"))
    assert lost_in(parts) == {"cues whose times can't be read": 1}
    (bundle,) = bundles_of(parts)
    assert [turn.text for turn in bundle.turns] == ["yes"]


def test_overlapping_and_unordered_cues_are_turns_each(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:09.000\nb\n\n00:01.000 --> 00:06.000\na\n00:02.000 --> 00:03.000\nc"
    assert [turn.text for turn in read_turns(_file(tmp_path, text), TID)] == ["a", "c", "b"]


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def long(count: int) -> Path:
        path = tmp_path / f"{count}.vtt"
        with path.open("w") as out:
            out.write("WEBVTT\n")
            for n in range(count):
                out.write(f"\n{n}\n{n // 60 % 60:02d}:{n % 60:02d}.000 --> 59:59.999\n<v A>text {n}\n")
        return path

    few, at_first = peak_of("webvtt", long(1_000))
    many, in_the_end = peak_of("webvtt", long(10_000))
    assert many - few == 3 * 9_000
    assert in_the_end < at_first + 500_000
