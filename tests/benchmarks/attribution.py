"""How much worse the attribution gets when the expert's voice leaks into the trainee's microphone.

    python -m tests.benchmarks.attribution FOLDER [--json FILE]

FOLDER holds two_person_call, ami_dev00 and ami_trn03, each as .wav and .rttm. Each recording is split by its
reference into a track a person; both people take the expert's part in turn. The tracks go through the product's
own first stages with the real voice-activity model of whisperx. Printed are the diarization error without and with
leak, and how many turns of the trainee are the expert's.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from tests.benchmarks.leak_room import NOISE_DB, Room, Spoken, leaky, read_rttm, split
from tests.benchmarks.listeners import Listener
from woz.model.people import Role
from woz.transcription.packing import Region
from woz.transcription.references import Utterance
from woz.transcription.scoring import figures

RECORDINGS = ("two_person_call", "ami_dev00", "ami_trn03")
LEAKS_DB = (-10.0, -15.0, -20.0)
DELAYS_S = (0.02, 0.06, 0.12)
USUAL_DELAY_S = 0.06
"""With this one, what comes of leak that nobody looks for is measured too."""
NOISES_DB = (NOISE_DB, -45.0)
PAUSE_S = 0.8
"""Speech with shorter pauses is one turn, as the product's settings have it."""
STEP_S = 0.01


@dataclass(frozen=True)
class Case:
    """Diarization errors, `unguarded` that of leak not looked for; `twice` is how many turns came twice."""

    recording: str
    expert: str
    noise_db: float
    leak_db: float
    delay_s: float
    without: float
    leaky: float
    unguarded: float | None
    twice: int

    @property
    def ratio(self) -> float:
        return self.leaky / self.without


def cases(folder: Path, noises_db: Sequence[float], listener: Listener) -> Iterator[Case]:
    for noise_db, name in product(noises_db, RECORDINGS):
        sound = folder / f"{name}.wav"
        for expert in sorted({who for *_, who in read_rttm(sound.with_suffix(".rttm"))}):
            yield from _of_room(name, expert, noise_db, split(sound, expert), listener)


def _of_room(name: str, expert: str, noise_db: float, base: Room, listener: Listener) -> Iterator[Case]:
    quiet = leaky(base, None, 0.0, noise_db=noise_db)
    theirs = listener.speech(quiet.played)
    without = error(base.reference, listener.speech(quiet.mic, quiet.played), theirs)
    for seed, (leak_db, delay_s) in enumerate(product(LEAKS_DB, DELAYS_S)):
        room = leaky(base, leak_db, delay_s, seed, noise_db)
        own = listener.speech(room.mic, room.played)
        unguarded = error(base.reference, listener.speech(room.mic), theirs) if delay_s == USUAL_DELAY_S else None
        yield Case(
            name,
            expert,
            noise_db,
            leak_db,
            delay_s,
            without,
            error(base.reference, own, theirs),
            unguarded,
            twice(own, base.reference),
        )


def error(reference: Sequence[Spoken], own: Sequence[Region], theirs: Sequence[Region]) -> float:
    """Diarization error, no collar, overlap counted."""
    said = [Utterance(who, start, end, None) for start, end, who in reference]
    found = [
        Utterance(role, a, b, None) for role, side in ((Role.TRAINEE, own), (Role.EXPERT, theirs)) for a, b in side
    ]
    return figures(said, found)["der"] or 0.0


def twice(own: Sequence[Region], reference: Sequence[Spoken]) -> int:
    """Turns of the trainee in more than half of which only the expert speaks."""
    spoken = {
        role: _flags([(a, b) for a, b, who in reference if who == role]) for role in (Role.TRAINEE, Role.EXPERT)
    }
    alone = spoken[Role.EXPERT] & ~spoken[Role.TRAINEE]
    return sum(float(alone[round(a / STEP_S) : round(b / STEP_S) + 1].mean()) > 0.5 for a, b in _turns(own))


def _turns(regions: Sequence[Region]) -> list[Region]:
    turns: list[Region] = []
    for start, end in regions:
        if turns and start - turns[-1][1] < PAUSE_S:
            turns[-1] = (turns[-1][0], end)
        else:
            turns.append((start, end))
    return turns


def _flags(regions: Sequence[Region], length_s: float = 40.0) -> np.ndarray:
    flags = np.zeros(round(length_s / STEP_S), np.bool_)
    for start, end in regions:
        flags[round(start / STEP_S) : round(end / STEP_S)] = True
    return flags


def table(found: Sequence[Case]) -> str:
    """The worst and the mean of each recording, noise and leak."""
    titles = (
        "recording",
        "noise",
        "leak",
        "without",
        "with, mean",
        "worst",
        "worst ratio",
        "not rejected",
        "twice",
    )
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    groups: dict[tuple[str, float, float], list[Case]] = {}
    for case in found:
        groups.setdefault((case.recording, case.noise_db, case.leak_db), []).append(case)
    for (name, noise_db, leak_db), some in groups.items():
        errors = [case.leaky for case in some]
        unguarded = [case.unguarded for case in some if case.unguarded is not None]
        lines.append(
            f"| {name} | {noise_db:.0f} dB | {leak_db:.0f} dB | {np.mean([c.without for c in some]):.1%} "
            f"| {np.mean(errors):.1%} | {max(errors):.1%} | {max(c.ratio for c in some):.2f} "
            f"| {np.mean(unguarded):.1%} | {sum(c.twice for c in some)} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--noise", type=float, nargs="+", default=NOISES_DB, help="dB of full scale")
    parser.add_argument("--json", type=Path, help="keep every case here")
    arguments = parser.parse_args()
    found = []
    for case in cases(arguments.folder, arguments.noise, Listener()):
        found.append(case)
        if arguments.json:
            arguments.json.write_text(json.dumps([asdict(one) for one in found], indent=1), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
