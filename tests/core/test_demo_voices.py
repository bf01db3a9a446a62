"""The demo's tracks: true lengths, sensible levels, and sync marks exactly at each whole second."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.demo.actor import read_wav
from woz.demo.script import LINES, Performance, Spoken
from woz.demo.voices import MARKS_HZ, Samples, perform, render, speak, write_wav
from woz.model.people import Role
from woz.timing.sync_marks import burst

needs_espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")


def marks_only(seconds: int, speaker: Role) -> Samples:
    return render(Performance((), seconds * NS_PER_S), {}, speaker)


@pytest.mark.parametrize("speaker", [Role.TRAINEE, Role.EXPERT])
def test_marks_begin_with_each_whole_second_and_nothing_else_is_there(speaker: Role) -> None:
    track = marks_only(4, speaker).reshape(4, AUDIO_RATE)
    mark = burst(MARKS_HZ[speaker], AUDIO_RATE)
    assert (track[:, : len(mark)] == mark).all()
    assert not track[:, len(mark) :].any()


def test_speech_lies_at_its_place_and_marks_lie_on_top() -> None:
    line = next(line for line in LINES if line.speaker == Role.TRAINEE)
    sound = np.linspace(-0.7, 0.7, AUDIO_RATE // 2, dtype=np.float32)
    place = Interval(1_900_000_000, 2_400_000_000)
    performance = Performance((Spoken(line, place),), 3 * NS_PER_S)
    with_speech = render(performance, {line: sound}, Role.TRAINEE)
    start = 1_900 * AUDIO_RATE // 1000
    speech = with_speech - marks_only(3, Role.TRAINEE)
    assert np.allclose(speech[start : start + len(sound)], sound, atol=1e-6)
    assert np.count_nonzero(speech) <= len(sound)
    assert not render(performance, {line: sound}, Role.EXPERT)[start + 10_000 : start + 20_000].any()


@needs_espeak
def test_a_spoken_line_begins_and_ends_with_sound_at_the_level_asked_for() -> None:
    for speaker in (Role.TRAINEE, Role.EXPERT):
        sound = speak("Which gear is next?", speaker, 200)
        assert 0.5 < len(sound) / AUDIO_RATE < 2.0
        assert abs(20 * np.log10(np.sqrt(np.mean(sound**2))) + 20) < 1
        edge = AUDIO_RATE // 20
        assert np.abs(sound[:edge]).max() > 0.01
        assert np.abs(sound[-edge:]).max() > 0.01
    assert len(speak("Hello!", Role.EXPERT, 260)) < len(speak("Hello!", Role.EXPERT, 150))


@needs_espeak
@pytest.mark.parametrize("seconds", [17, 20, 60])
def test_twelve_turns_or_more_are_performed_without_clipping(seconds: int, tmp_path: Path) -> None:
    performance, sounds = perform(seconds * NS_PER_S)
    assert len(performance.spoken) >= 12
    assert performance.spoken[-1].interval.end_ns <= (seconds - 1) * NS_PER_S
    for speaker in (Role.TRAINEE, Role.EXPERT):
        write_wav(tmp_path / "track.wav", render(performance, sounds, speaker))
        track = read_wav(tmp_path / "track.wav") / 32768
        assert len(track) == seconds * AUDIO_RATE
        assert np.abs(track).max() < 0.99
        assert np.abs(track - render(performance, sounds, speaker)).max() < 1e-4


@needs_espeak
def test_each_line_is_heard_where_the_script_says() -> None:
    performance, sounds = perform(40 * NS_PER_S)
    for speaker in (Role.TRAINEE, Role.EXPERT):
        speech = render(performance, sounds, speaker) - marks_only(40, speaker)
        said = np.zeros(len(speech), bool)
        for spoken in performance.of(speaker):
            first, last = (t * AUDIO_RATE // NS_PER_S for t in (spoken.interval.start_ns, spoken.interval.end_ns))
            said[first : last + 2] = True
            assert np.sqrt(np.mean(speech[first:last] ** 2)) > 0.05
        assert np.abs(speech[~said]).max() < 1e-6


def test_a_machine_without_espeak_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(WozError, match="apt-get install espeak-ng"):
        speak("Hello", Role.TRAINEE, 200)


def test_tracks_are_not_written_where_there_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="can't be written"):
        write_wav(tmp_path / "none" / "a.wav", np.zeros(10, np.float32))


def test_an_actor_refuses_what_is_no_track(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(WozError, match="can't be read"):
        read_wav(tmp_path / "a.wav")
