"""Voices told apart without pyannote's model: its parts by themselves, then all of it, with the real weights."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.real_models import Unavailable, real_model
from tests.transcription.sounds import write_wav
from woz.base.errors import WozError
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.transcription import packages
from woz.transcription.catalogue import DIARIZER, ENCODER, entry
from woz.transcription.diarizers import chosen_diarizer, fetched_diarizer
from woz.transcription.fetching import fetch
from woz.transcription.local_voices import APART
from woz.transcription.models import ENCODER_BYTES, NEEDED, find_models
from woz.transcription.packages import Package
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.references import from_turns, read_reference
from woz.transcription.scoring import score
from woz.transcription.task import MIXED, Result, Settings, Task, Track, Voice
from woz.transcription.tracklets import LONGEST, at_once, tracklets
from woz.transcription.tracks import read_voice
from woz.transcription.turns import Placed, turns_of
from woz.transcription.voice_clusters import clustered

FRAMES = 293


def _near(angle: float, count: int) -> np.ndarray:
    """Directions a little around one."""
    angles = angle + np.linspace(-0.1, 0.1, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_directions_near_each_other_are_one_person_s() -> None:
    vectors = np.concatenate([_near(0.0, 4), _near(1.4, 3)])
    labels = clustered(vectors, np.full(7, 2.0), [], 0.3, None, 1.0)
    assert labels.tolist() == [labels[0]] * 4 + [1 - labels[0]] * 3


def test_a_known_number_of_people_goes_before_the_threshold() -> None:
    vectors = np.concatenate([_near(0.0, 4), _near(0.5, 3)])
    assert len(set(clustered(vectors, np.full(7, 2.0), [], 0.3, None, 1.0).tolist())) == 1
    labels = clustered(vectors, np.full(7, 2.0), [], 0.3, 2, 1.0).tolist()
    assert len(set(labels[:4])) == len(set(labels[4:])) == 1
    assert labels[0] != labels[4]


def test_who_hardly_speaks_is_nobody_of_their_own() -> None:
    vectors = np.concatenate([_near(0.0, 3), _near(1.0, 1), _near(1.6, 3)])
    labels = clustered(vectors, np.array([2, 2, 2, 0.3, 2, 2, 2]), [], 0.1, None, 1.0).tolist()
    assert len(set(labels)) == 2
    assert labels[3] == labels[4]


def test_two_who_speak_at_once_are_two_however_alike() -> None:
    assert len(set(clustered(_near(0.0, 2), np.full(2, 3.0), [(0, 1)], 0.3, None, 1.0).tolist())) == 2


def _windows(spoken: Sequence[tuple[int, int, tuple[int, int]]], windows: int) -> np.ndarray:
    """Local activity: a person speaks from frame to frame, under one number in even windows, one in odd ones."""
    active = np.zeros((windows, FRAMES, 3), np.bool_)
    for first, last, numbers in spoken:
        for window in range(windows):
            a, b = (min(max(0, frame - window * APART), FRAMES) for frame in (first, last))
            active[window, a:b, numbers[window % 2]] = True
    return active


def test_a_voice_is_followed_through_windows_that_number_it_anew() -> None:
    active = _windows([(0, 200, (0, 2)), (190, 350, (1, 0))], 3)
    found = tracklets(active)
    assert [sorted(t.places.items()) for t in sorted(found, key=lambda t: t.speaks.argmax())] == [
        [(0, 0), (1, 2), (2, 0)],
        [(0, 1), (1, 0), (2, 1)],
    ]
    assert at_once(found, active) == [(0, 1)]
    by_itself = sorted(int(t.alone.sum()) for t in found)
    assert by_itself == [150, 190]


def test_no_voice_is_followed_for_ever() -> None:
    long = LONGEST * 3
    found = tracklets(_windows([(0, long * APART + FRAMES, (0, 1))], long))
    assert [len(t.places) for t in found] == [LONGEST] * 3


def _whole_pipeline(folder: Path) -> Path:
    for name in NEEDED["diarizer"]:
        (folder / DIARIZER / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / DIARIZER / name).touch()
    return folder / DIARIZER


def _encoder(folder: Path, size: int = ENCODER_BYTES) -> Path:
    made = folder / ENCODER
    made.mkdir()
    with (made / "pretrained.pt").open("wb") as file:
        file.truncate(size)
    return made


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_pyannote_s_model_goes_before_the_encoder(tmp_path: Path) -> None:
    assert chosen_diarizer(None, tmp_path) is None
    encoder = _encoder(tmp_path)
    assert chosen_diarizer(None, tmp_path) == str(encoder)
    pipeline = _whole_pipeline(tmp_path)
    assert chosen_diarizer(None, tmp_path) == str(pipeline)
    assert chosen_diarizer(encoder, tmp_path) == str(encoder)


def test_an_encoder_cut_short_is_told(tmp_path: Path) -> None:
    _encoder(tmp_path, 1000)
    with pytest.raises(WozError, match=rf"1000 bytes instead of {ENCODER_BYTES}"):
        chosen_diarizer(None, tmp_path)
    (info,) = find_models(tmp_path)
    assert (info.kind, "fetch or copy it again" in info.fault) == ("voices", True)


def test_what_needs_no_account_is_fetched_where_there_is_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.transcription.diarizers.token", lambda: None)
    assert fetched_diarizer() == ENCODER
    monkeypatch.setattr("woz.transcription.diarizers.token", lambda: "hf_thisIsNoRealToken")
    assert fetched_diarizer() == DIARIZER


def test_the_encoder_is_taken_out_of_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Package] = []

    def download(wanted: Sequence[Package], folder: Path) -> Iterator[Path]:
        asked.extend(wanted)
        with zipfile.ZipFile(folder / "made.whl", "w") as wheel:
            for name in ("made/audio.py", "made/pretrained.pt", "made.dist-info/LICENSE"):
                wheel.writestr(name, name)
        yield folder / "made.whl"

    monkeypatch.setattr(packages, "download", download)
    target = fetch(entry(ENCODER), tmp_path)
    assert {path.name for path in target.iterdir()} == {"pretrained.pt", "LICENSE"}
    assert [str(package) for package in asked] == ["Resemblyzer 0.1.4"]
    assert [path.name for path in tmp_path.iterdir()] == [ENCODER]


def test_a_package_of_another_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WozError, match="Resemblyzer can't be fetched"):
        list(packages.download([Package("Resemblyzer", "0.1.4", "0" * 64)], tmp_path))


@pytest.fixture(scope="module")
def told(real_tiny: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The call as one mixed track, with and without the number of voices; and one person's speech."""
    try:
        encoder = real_model(ENCODER)
    except Unavailable as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("apart")
    speech = shared_data / "speech"
    settings = Settings(str(real_tiny), models=str(folder), language="en", threads=2, diarizer=str(encoder))
    call = Voice(
        MIXED, Track(str(write_wav(folder / "call.wav", read_voice(speech / "two_person_call.wav", 0)[0])))
    )
    tasks = [
        Task((call,), settings, str(folder / "call"), "call"),
        Task((call,), replace(settings, voices=2), str(folder / "call"), "call of two"),
        Task((Voice(MIXED, Track(str(speech / "jfk.flac"))),), settings, None, "jfk"),
        Task((call,), replace(settings, diarizer=None), str(folder / "call"), "no model"),
        Task(
            (replace(call, speaker=Role.TRAINEE, bystanders=True),), settings, str(folder / "call"), "standing by"
        ),
    ]
    spoilt = Task(
        (call,), replace(settings, diarizer=str(_encoder(_made(folder / "spoilt")))), str(folder / "call"), "spoilt"
    )
    done: dict[str, Result] = {}
    refused = ""
    for news in Queue([*tasks, spoilt]).run():
        match news:
            case Done(task, result):
                done[task] = result
            case Failed("spoilt", sentence):
                refused = sentence
            case Failed(task, sentence):
                raise AssertionError(f"{task}: {sentence}")
    assert "holds no voice encoder" in refused
    return done


def _turns(result: Result) -> list[Turn]:
    return turns_of(result, TranscriptId("t"), dict.fromkeys((MIXED, Role.TRAINEE), Placed(lambda span: span)))


@pytest.mark.parametrize("name", ["call", "call of two"])
def test_two_voices_of_one_track_have_their_own_turns(
    told: dict[str, Result], shared_data: Path, name: str
) -> None:
    turns = _turns(told[name])
    assert {turn.voice for turn in turns} == {"voice 1", "voice 2"}
    spoken = read_reference(shared_data / "speech" / "two_person_call.rttm")
    found = [replace(utterance, text=None) for utterance in from_turns(turns)]
    assert (score(spoken, found)["der"] or 0.0) <= 0.2
    everybody = [replace(utterance, speaker="all") for utterance in found]
    assert (score(spoken, everybody)["der"] or 0.0) > 0.4


def test_bystanders_are_told_from_the_trainee_when_asked(told: dict[str, Result]) -> None:
    turns = _turns(told["standing by"])
    assert {(turn.speaker, turn.voice) for turn in turns} == {(Role.TRAINEE, ""), (Role.OTHER, "other 1")}
    assert sum(len(turn.words) for turn in turns) == len(told["standing by"].voices[0].words)


def test_one_person_is_one_voice(told: dict[str, Result]) -> None:
    assert {turn.voice for turn in _turns(told["jfk"])} == {"voice 1"}


def test_the_transcript_says_by_what_voices_were_told_apart(told: dict[str, Result]) -> None:
    by = "voices told apart by whisperx's segmentation and Resemblyzer 0.1.4's voice encoder"
    assert by in told["call"].made_by
    assert by not in told["no model"].made_by
    assert any(f"woz models fetch {ENCODER}" in fault for fault in told["no model"].faults)
