"""Turns and words as SubRip, RTTM, STM and CTM: real files, any turns, and files that are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.format_values import SID, TID, S, bundle_of, turns
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.parts import Begin
from woz.model.ids import TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript, Turn, Word

MS = 1_000_000
TRANSCRIPT = Transcript(TID, SID, Origin.SCRIPT, "en", "test", 0)
SESSION = Session(SID, "t", SessionState.CLOSED, 0, 60 * S)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]


def _again(name: str, path: Path, folder: Path) -> Path:
    (out,) = written(name, bundles_of(parts_of(name, path)), folder)
    return out


def _columns(path: Path, recording: int) -> list[tuple[object, ...]]:
    """Numbers as numbers, without the name of the recording."""

    def field(text: str) -> object:
        try:
            return float(text)
        except ValueError:
            return text

    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return [tuple(field(each) for place, each in enumerate(line) if place != recording) for line in lines]


@pytest.mark.parametrize("name", ["ami_dev00", "ami_trn03", "two_person_call"])
def test_real_rttm_comes_back_but_for_the_recording_s_name(name: str, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "speech" / f"{name}.rttm"
    parts = parts_of("rttm", path)
    assert not lost_in(parts)
    assert isinstance(parts[0], Begin)
    assert parts[0].key in ("dev00", "trn03", "sample")
    assert _columns(_again("rttm", path, tmp_path), 1) == _columns(path, 1)


def test_real_stm_comes_back_equal_but_for_the_recording_s_name(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "speech" / "two_person_call.stm"
    (bundle,) = bundles_of(parts_of("stm", path))
    assert {(turn.speaker, turn.voice) for turn in bundle.turns} == {(Role.OTHER, "Diane"), (Role.OTHER, "Sheila")}
    assert not bundle.annotations
    assert _columns(_again("stm", path, tmp_path), 0) == _columns(path, 0)


@pytest.mark.parametrize("name", ["sample", "one_caption"])
def test_real_subrip_comes_back_equal(name: str, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "annotations/subtitles" / f"{name}.srt"
    out = _again("srt", path, tmp_path)
    assert out.read_text().split() == path.read_text().split()


def _one_line(turn: Turn, number: int) -> Turn:
    """Of what each of the formats holds: one line, a voice that is a name."""
    text = " ".join(turn.text.split())
    voice = {"Anna (2)": "Anna Bo", "trainee": "Trainee B"}.get(turn.voice, turn.voice)
    return Turn(TurnId(f"{number}"), TID, turn.speaker, turn.interval, text, voice=voice)


def _in_ms(turn: Turn) -> Turn:
    start, end = (max(0, edge // MS * MS) for edge in (turn.interval.start_ns, turn.interval.end_ns))
    text = turn.text.replace("<", "(").replace("{", "(")
    return replace(turn, interval=Interval(start, end), text=text)


def _silent(turn: Turn) -> Turn:
    return replace(turn, text="", confidence=0.25 if turn.text else None)


def _worded(turn: Turn) -> Turn:
    """With a word for each of the text."""
    start, length = turn.interval.start_ns, turn.interval.duration_ns
    texts = turn.text.split() or ["uh"]
    words = tuple(
        Word(text, Interval(start + n, start + n + length), 0.5 if n % 2 else None) for n, text in enumerate(texts)
    )
    return replace(turn, text=" ".join(texts), words=words)


def _seen(bundle: SessionBundle) -> list[str]:
    return sorted(repr((t.interval, t.speaker, t.voice, t.text, t.words, t.confidence)) for t in bundle.turns)


@pytest.mark.parametrize(
    ("name", "held"), [("srt", _in_ms), ("rttm", _silent), ("stm", lambda turn: turn), ("ctm", _worded)]
)
@settings(max_examples=scaled(60), suppress_health_check=QUIET)
@given(drawn=st.lists(turns(0), min_size=1, max_size=4))
def test_any_turns_come_back(name: str, held: Callable[[Turn], Turn], drawn: list[Turn], tmp_path: Path) -> None:
    said = tuple(held(_one_line(turn, number)) for number, turn in enumerate(drawn))
    bundle = bundle_of(SESSION, TRANSCRIPT, said)
    assert not lost_by(name, [bundle])
    (path,) = written(name, [bundle], tmp_path)
    first = path.read_bytes()
    (back,) = bundles_of(parts_of(name, path))
    assert _seen(back) == _seen(bundle)
    assert not back.annotations
    written(name, [bundle], tmp_path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("text", [":", "Wait: not that one.", "a: b: c"])
def test_a_colon_in_what_is_said_names_no_voice(text: str, tmp_path: Path) -> None:
    bundle = bundle_of(SESSION, TRANSCRIPT, (_in_ms(Turn(TurnId("0"), TID, Role.TRAINEE, Interval(0, MS), text)),))
    assert not lost_by("srt", [bundle])
    (path,) = written("srt", [bundle], tmp_path)
    assert _seen(next(iter(bundles_of(parts_of("srt", path))))) == _seen(bundle)


def _file(folder: Path, text: str, ending: str) -> Path:
    path = folder / f"x.{ending}"
    path.write_text(text, encoding="utf-8")
    return path


def test_other_lines_of_rttm_are_kept(tmp_path: Path) -> None:
    text = """;; made by hand
SPKR-INFO talk 1 <NA> <NA> <NA> unknown Anna <NA> <NA>
SPEAKER talk 2 1.500 0.500 <NA> <NA> Anna 0.90 <NA>
LEXEME talk 1 1.500 0.500 hello lex Anna 0.9
SPEAKER talk 1 2.5 -0.5 <NA> <NA> expert <NA> <NA>
SPEAKER other 1 0 1 <NA> <NA> expert <NA> <NA>
"""
    path = _file(tmp_path, text, "rttm")
    talk, other = bundles_of(parts_of("rttm", path))
    assert [(turn.speaker, turn.voice, turn.confidence) for turn in talk.turns] == [(Role.OTHER, "Anna", 0.9)]
    assert [turn.speaker for turn in other.turns] == [Role.EXPERT]
    outs = written("rttm", [talk, other], tmp_path)
    assert [line for out in outs for line in _columns(out, 1)] == _columns(path, 1)


def test_labels_channels_and_comments_of_stm_are_kept(tmp_path: Path) -> None:
    text = ';; CATEGORY "0" "" ""\ntalk A Anna 0.5 1.25 <o,f0,female> well  then\ntalk A Bo 2 1 backwards\n'
    path = _file(tmp_path, text, "stm")
    (bundle,) = bundles_of(parts_of("stm", path))
    assert [turn.text for turn in bundle.turns] == ["well then"]
    assert _columns(_again("stm", path, tmp_path), 0) == _columns(path, 0)
    edited = replace(bundle, turns=(replace(bundle.turns[0], text="new"),))
    (out,) = written("stm", [edited], tmp_path)
    assert "1 Anna 0.500 1.250 new" in out.read_text()


def test_words_without_marks_make_turns_by_speaker_channel_and_pause(tmp_path: Path) -> None:
    text = """talk A 0.0 0.2 hello 0.9
talk A 0.5 0.2 there
talk B 0.6 0.1 yes
talk A 5.0 0.2 again
more 1 0.0 0.1 um 0.5 fp Anna
"""
    talk, more = bundles_of(parts := parts_of("ctm", _file(tmp_path, text, "ctm")))
    assert [(turn.voice, turn.text) for turn in talk.turns] == [("A", "hello there"), ("B", "yes"), ("A", "again")]
    assert [(turn.voice, turn.words[0].confidence) for turn in more.turns] == [("Anna", 0.5)]
    assert lost_in(parts) == {"kinds of words": 1}


def test_markup_numbers_and_places_of_subrip_are_kept(tmp_path: Path) -> None:
    text = """7
00:00:01,000 --> 00:00:02,000 X1:10 X2:20
<i>ANNA: Look</i>
here

8
00:00:02,000 --> 00:00:01,000
back

00:00:04,500 --> 00:00:05,000
{\\an8}See 10:30: now

"""
    path = _file(tmp_path, text, "srt")
    (bundle,) = bundles_of(parts_of("srt", path))
    assert [(turn.voice, turn.text) for turn in bundle.turns] == [("ANNA", "Look here"), ("", "See 10:30: now")]
    assert _again("srt", path, tmp_path / "out").read_text().strip() == text.strip()


@pytest.mark.parametrize("name", ["srt", "rttm", "stm", "ctm"])
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n",
        b'{"a": [1, 2, 3]}',
        b"<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        "SPEAKER s 1 1 1 <NA> <NA> ä <NA> <NA>".encode("latin-1"),
        b"\x00" * 5000,
        b"x" * 3_000_000,
    ],
)
def test_what_is_no_such_file_is_told_in_a_sentence(name: str, text: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"x.{name}"
    path.write_bytes(text)
    with pytest.raises(WozError) as told:
        parts_of(name, path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rttm", "SPEAKER a 1 0 1 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 2"),
        ("stm", "a 1 x 0 1 hello\na 1 x 2"),
        ("ctm", "a 1 0 1 hello\na 1 2"),
    ],
)
def test_a_line_cut_short_is_told(name: str, text: str, tmp_path: Path) -> None:
    parts = parts_of(name, _file(tmp_path, text, name))
    assert lost_in(parts) == {"lines that can't be read": 1}
    assert sum(isinstance(part, Turn) for part in parts) == 1


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("rttm", "SPEAKER {} 1 0 1 <NA> <NA> x <NA> <NA>\n"),
        ("stm", "{} 1 x 0 1 hello\n"),
        ("ctm", "{} 1 0 1 hello\n"),
    ],
)
def test_lines_of_a_recording_that_are_in_several_places_are_refused(name: str, line: str, tmp_path: Path) -> None:
    path = _file(tmp_path, "".join(line.format(each) for each in "aba"), name)
    with pytest.raises(WozError, match="sort it"):
        parts_of(name, path)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("srt", "{0}\n00:00:01,000 --> 00:00:02,000\nexpert: text {0}\n\n"),
        ("rttm", "SPEAKER a 1 {0} 1 <NA> <NA> x <NA> <NA>\n"),
        ("stm", "a 1 x {0} {0}.5 text {0}\n"),
        ("ctm", "a 1 {0} 0.5 text 0.5 lex x\n"),
    ],
)
def test_a_long_file_takes_no_more_memory_than_a_short_one(name: str, line: str, tmp_path: Path) -> None:
    def long(count: int) -> Path:
        return _file(tmp_path, "".join(line.format(10 * n + 1) for n in range(count)), name)

    few, at_first = peak_of(name, long(1_000))
    many, in_the_end = peak_of(name, long(10_000))
    assert many - few >= 9_000
    assert in_the_end < at_first + 500_000
