"""How much masking hides, and what it costs: an attacker's equal error rate, and a recogniser's word error rate.

Needs the extra `transcribe`, Resemblyzer's encoder and a Whisper model; what they are is said with the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from woz.base.errors import WozError
from woz.base.extras import how_to_add
from woz.deidentifying.voices.equal_error import equal_error_rate, likenesses
from woz.deidentifying.voices.keys import key_of
from woz.deidentifying.voices.masking import masked_path
from woz.deidentifying.voices.port import RATE, STEP, Converter, Samples
from woz.lab.ports import Project
from woz.lab.voice_tracks import track_of
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder
from woz.sound.reading import read_track
from woz.transcription.catalogue import ENCODER
from woz.transcription.references import read_reference

LEAST_S = 1.6
"""An utterance is compared from this length on: what the encoder was trained on."""
MOST_WORDS_S = 600
"""So much speech is recognised, twice."""
PAUSE = np.zeros(RATE // 2, np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance of somebody, as recorded and as masked (16 kHz); `text` is None where it isn't known."""

    who: str
    recorded: Samples
    masked: Samples
    text: str | None


def heard_in_session(project: Project, session_id: SessionId, release: str) -> list[Heard]:
    """The turns of the newest transcript. Raises WozError where there is none, or nothing is masked."""
    transcripts = project.transcripts.of_session(session_id)
    if not transcripts:
        raise WozError(f"{session_id} has no transcript, so it isn't known who speaks when; run woz transcribe.")
    folder, sounds = SessionFolder(project.session_dir(session_id)), _Sounds()
    found = []
    for turn in project.transcripts.turns(transcripts[-1].id):
        track = track_of(folder, turn.speaker)
        copy = masked_path(Path(track.path), release)
        if not copy.is_file():
            raise WozError(
                f"{session_id} has no masked voices for {release}; run woz voices mask --release {release}."
            )
        span = turn.interval.start_ns / 1e9, turn.interval.end_ns / 1e9
        recorded, masked = (sounds.part(path, track.track, *span) for path in (Path(track.path), copy))
        found.append(Heard(f"{turn.speaker}{turn.voice}", recorded, masked, turn.text))
    return found


class _Sounds:
    """Tracks that are read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[Path, int], tuple[Samples, int]] = {}

    def part(self, path: Path, track: int, start_s: float, end_s: float) -> Samples:
        if (path, track) not in self._read:
            self._read[path, track] = read_track(path, track, RATE)
        samples, begin_ns = self._read[path, track]
        return _part(samples, start_s - begin_ns / 1e9, end_s - begin_ns / 1e9)


def heard_in_file(sound: Path, reference: Path, converter: Converter, secret: str) -> list[Heard]:
    """Each utterance of a reference (.rttm or .stm) masked by itself; people of two files are others.

    Raises WozError for what can't be read.
    """
    samples, _ = read_track(sound, 0, RATE)
    found = []
    for each in read_reference(reference):
        who = f"{sound.stem}/{each.speaker}"
        part = _part(samples, each.start_s, each.end_s)
        found.append(Heard(who, part, _masked(part, converter, key_of(secret, "", who)), each.text))
    return found


def proof(
    heard: Sequence[Heard],
    converter: Converter,
    encoder: Path,
    whisper: Path | None,
    tell: Callable[[int, str], None] = lambda *_: None,
) -> dict[str, Any]:
    """Figures; None for what could not be measured: no two people, no Whisper model.

    `eer_recorded` is the attacker's on what was recorded; `eer_masked` where they have recordings and compare them
    with masked speech; `eer_masked_too` where they mask their recordings as well, by keys of their own.
    """
    long_enough = [each for each in heard if len(each.recorded) >= LEAST_S * RATE]
    people = [each.who for each in long_enough]
    tell(0, "comparing voices")
    figures: dict[str, Any] = {"people": len(set(people)), "utterances": len(people)}
    figures |= _told_apart(long_enough, people, converter, encoder)
    tell(50, "recognising words")
    return figures | (_understood(heard, whisper) if whisper else {"wer_recorded": None, "wer_masked": None})


def encoder_weights(models: Path) -> Path:
    """Raises WozError where they are not here."""
    found = sorted((models / ENCODER).glob("*.pt"))
    if not found:
        raise WozError(f"The voice encoder is not on this machine; run: woz models fetch {ENCODER}")
    return found[0]


def _told_apart(
    heard: Sequence[Heard], people: Sequence[str], converter: Converter, weights: Path
) -> dict[str, float | None]:
    try:
        from woz.transcription.voice_encoder import VoiceEncoder
    except ImportError:
        raise WozError(f"Voices are compared by torch, which isn't here; {how_to_add('transcribe')}") from None
    encoder = VoiceEncoder(weights, "cpu")
    recorded = [encoder.embed(each.recorded) for each in heard]
    masked = [encoder.embed(each.masked) for each in heard]
    own = [encoder.embed(_masked(each.recorded, converter, key_of("attacker", "", each.who))) for each in heard]
    return {
        "eer_recorded": equal_error_rate(*likenesses(recorded, recorded, people)),
        "eer_masked": equal_error_rate(*likenesses(recorded, masked, people)),
        "eer_masked_too": equal_error_rate(*likenesses(own, masked, people)),
    }


def _understood(heard: Sequence[Heard], whisper: Path) -> dict[str, float | str | None]:
    """Of the utterances with a text, where there are any; else how far the words differ from those that were
    recognised as recorded.
    """
    try:
        import faster_whisper
        import jiwer
    except ImportError:
        raise WozError(f"Words are recognised by Whisper, which isn't here; {how_to_add('transcribe')}") from None
    from woz.transcription.scoring import normalised

    taken, length = list[Heard](), 0
    for each in [each for each in heard if each.text] or heard:
        length += len(each.recorded)
        if length <= MOST_WORDS_S * RATE:
            taken.append(each)
    model = faster_whisper.WhisperModel(str(whisper), device="cpu", compute_type="int8")

    def words(sounds: Iterable[Samples]) -> str:
        joined = np.concatenate([part for sound in sounds for part in (sound, PAUSE)])
        return normalised(" ".join(segment.text for segment in model.transcribe(joined, beam_size=1)[0]))

    said = normalised(" ".join(each.text or "" for each in taken))
    before, after = words(each.recorded for each in taken), words(each.masked for each in taken)
    return {
        "recogniser": whisper.name,
        "wer_recorded": float(jiwer.wer(said, before)) if said else None,
        "wer_masked": float(jiwer.wer(said or before, after)) if said or before else None,
    }


def _part(samples: Samples, start_s: float, end_s: float) -> Samples:
    return samples[max(0, round(start_s * RATE)) : max(0, round(end_s * RATE))]


def _masked(samples: Samples, converter: Converter, key: float) -> Samples:
    return converter.convert(samples, np.full(-(-len(samples) // STEP), key))
