"""Figures of transcripts against references in files; one child computes them all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.transcription.references import Utterance, from_turns, read_reference
from woz.transcription.scoring import normalised, score

AS_HEARD = Path(__file__).parent / "data" / "call_as_heard.stm"


def test_each_format_is_read(tmp_path: Path) -> None:
    for suffix, text in (
        (".stm", ";; a comment\nfile 1 A 0.5 2.0 <o,f0> hello there\n"),
        (".rttm", "SPEAKER file 1 0.5 1.5 <NA> <NA> A <NA> <NA>\nSPKR-INFO file 1 <NA>\n"),
        (".ctm", "file A 0.5 0.5 hello 0.9\nfile A 1.0 1.0 there\n"),
    ):
        path = tmp_path / f"one{suffix}"
        path.write_text(text)
        found = read_reference(path)
        assert (found[0].speaker, found[0].start_s, found[-1].end_s) == ("A", 0.5, 2.0)
        assert " ".join(u.text or "" for u in found).strip() == ("" if suffix == ".rttm" else "hello there")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.stm", "file 1 A zero 2 x", "line 1"),
        ("a.ctm", "", "holds no utterance"),
        ("a.txt", "x", "no known kind"),
    ],
)
def test_what_is_no_reference_is_said_in_one_sentence(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(WozError, match=sentence):
        read_reference(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WozError, match=r"gone\.stm can't be read"):
        read_reference(tmp_path / "gone.stm")


def test_turns_are_said_by_their_voice() -> None:
    turn = Turn(TurnId("a"), TranscriptId("t"), Role.OTHER, Interval(0, 10**9), "hi", voice="voice 1")
    assert from_turns([turn]) == [Utterance("voice 1", 0.0, 1.0, "hi")]


def test_figures_of_a_real_call(shared_data: Path) -> None:
    """Other names of the same people cost nothing; a turn that is given to somebody else does."""
    reference = read_reference(shared_data / "speech" / "two_person_call.stm")
    same = score(reference, [replace(u, speaker=f"not {u.speaker}") for u in reference])
    assert same == {"wer": 0.0, "cpwer": 0.0, "der": 0.0, "jer": 0.0}
    heard = score(reference, read_reference(AS_HEARD))
    words = sum(len(normalised(u.text or "").split()) for u in reference)
    assert heard["wer"] is not None
    assert heard["cpwer"] is not None
    assert 0 < heard["wer"] * words < 12
    assert heard["wer"] < heard["cpwer"]
    assert 0 < (heard["der"] or 0) < (heard["jer"] or 0) < 1


def test_without_text_only_times_are_measured() -> None:
    reference = [Utterance("A", 0, 4, None), Utterance("B", 4, 8, None)]
    late = [Utterance("x", 0, 4, None), Utterance("y", 5, 8, None)]
    figures = score(reference, late)
    assert figures["wer"] is None
    assert figures["der"] == pytest.approx(1 / 8)
    assert figures["jer"] == pytest.approx((0 + 1 / 4) / 2)


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert normalised("Well, I DON’T know…") == "well i don't know"
