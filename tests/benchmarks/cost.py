"""What transcription costs beside bare whisperx, and two half-silent tracks beside a mixed one.

    python -m tests.benchmarks.cost SOUND --device cpu --model FOLDER --aligner FOLDER
    python -m tests.benchmarks.cost SOUND --random small --minutes 5
    python -m tests.benchmarks.cost SOUND --device cuda --random large-v3 --batch 8 16 32

Every run is a process of its own, from its start to its end, so that loading counts; the kinds of run take turns,
and ratios are of medians. Speech of SOUND is looped to the length that is asked for. `--random` makes models with
random weights, which put out as much text for each half minute whatever they hear.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.gpu_memory import GpuMemory
from tests.transcription.sounds import write_wav
from woz.model.people import Role
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.task import Settings, Task, Track, Voice
from woz.transcription.tracks import RATE, read_voice

TURN_S = 8.0
"""So long one of the two people speaks."""


@dataclass(frozen=True)
class Cost:
    """Seconds of the wall and of the processor, which tells more on a machine that others use, and memory."""

    seconds: float
    cpu_s: float
    peak_mb: float
    gpu_mb: float = 0.0


KINDS = ("bare", "mixed", "two")


@dataclass(frozen=True)
class Tracks:
    mixed: Path
    first: Path
    second: Path
    seconds: float


def make_tracks(sound: Path, seconds: float, folder: Path) -> Tracks:
    """One track with everybody, and the same parted in turns between two people, with a little noise in each."""
    speech, _ = read_voice(sound, 0)
    mixed = np.resize(speech, round(seconds * RATE)).astype(np.float32)
    turn = (np.arange(len(mixed)) // round(TURN_S * RATE)) % 2
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1e-3, len(mixed)).astype(np.float32)
    tracks = {"mixed": mixed, "first": mixed * (turn == 0), "second": mixed * (turn == 1)}
    paths = {name: write_wav(folder / f"{name}.wav", track + noise) for name, track in tracks.items()}
    return Tracks(**paths, seconds=seconds)


def bare(sound: Path, settings: Settings) -> Cost:
    """whisperx by itself: load, voice activity, recognition, alignment."""
    how = [settings.device, settings.batch, settings.threads]
    given = json.dumps([str(sound), settings.model, settings.aligners["*"], *how])
    command = [sys.executable, "-m", "tests.benchmarks.bare_whisperx", given]
    with GpuMemory(settings.device == "cuda") as memory:
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - began
    cpu_s, peak_mb = done.stdout.split()[-2:]
    return Cost(seconds, float(cpu_s), float(peak_mb), memory.peak_mb)


def ours(voices: Sequence[Voice], settings: Settings) -> Cost:
    """The same as the product does it."""
    queue, cpu_s, peak_mb = Queue([Task(tuple(voices), settings)]), 0.0, 0.0
    with GpuMemory(settings.device == "cuda") as memory:
        began = time.monotonic()
        for news in queue.run():
            match news:
                case Failed(_, sentence):
                    raise SystemExit(sentence)
                case Done():
                    cpu_s, peak_mb = process_figures(queue.child_pid)
        seconds = time.monotonic() - began
    return Cost(seconds, cpu_s, peak_mb, memory.peak_mb)


def process_figures(pid: int | None) -> tuple[float, float]:
    """Processor's seconds, and the peak of memory in MB, as Linux tells them; zeros elsewhere."""
    folder = Path(f"/proc/{pid}")
    if not folder.exists():
        return 0.0, 0.0
    ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    lines = (folder / "status").read_text().splitlines()
    peak_mb = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak_mb


def measure(tracks: Tracks, settings: Settings, rounds: int, chosen: Sequence[str]) -> str:
    """A row of the table; what was not chosen of KINDS has no figures."""
    one = Voice(Role.TRAINEE, Track(str(tracks.mixed)))
    expert = Track(str(tracks.second))
    two = (Voice(Role.TRAINEE, Track(str(tracks.first)), expert), Voice(Role.EXPERT, expert))
    kinds: dict[str, Callable[[], Cost]] = {
        "bare": lambda: bare(tracks.mixed, settings),
        "mixed": lambda: ours([one], settings),
        "two": lambda: ours(two, settings),
    }
    costs: dict[str, list[Cost]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind in chosen:
            costs[kind].append(kinds[kind]())
    taken = {kind: median(cost.seconds for cost in some) for kind, some in costs.items() if some}
    worked = {kind: median(cost.cpu_s for cost in some) for kind, some in costs.items() if some}
    cells = [_cell(costs[kind]) for kind in kinds]
    cells += [f"{_ratio(t, 'mixed', 'bare')}, {_ratio(t, 'two', 'mixed')}" for t in (taken, worked)]
    factors = [f"{taken[kind] / tracks.seconds:.3f}" if kind in taken else "-" for kind in ("bare", "mixed")]
    return f"| {settings.batch} | {' | '.join(cells)} | {', '.join(factors)} |"


def _cell(costs: Sequence[Cost]) -> str:
    if not costs:
        return "-"
    seconds, cpu_s = median(cost.seconds for cost in costs), median(cost.cpu_s for cost in costs)
    gpu_mb = max(cost.gpu_mb for cost in costs)
    gpu = f", {gpu_mb:.0f} MB of the GPU" if gpu_mb else ""
    return f"{seconds:.1f} s ({cpu_s:.1f} s of CPU), {max(cost.peak_mb for cost in costs):.0f} MB{gpu}"


def _ratio(of: Mapping[str, float], one: str, other: str) -> str:
    return f"{of[one] / of[other]:.2f}" if one in of and other in of else "-"


def random_models(size: str, folder: Path) -> tuple[Path, Path]:
    """A Whisper and an aligner."""
    _made(f"make_whisper(folder, tiny.SIZES[{size!r}]); tiny.make_aligner(folder)", folder)
    return folder / "tiny-whisper", folder / "tiny-aligner"


def random_aligner(folder: Path) -> Path:
    """One of the published base model's size."""
    _made("make_aligner(folder, 'random-aligner', whole=True)", folder)
    return folder / "random-aligner"


def _made(what: str, folder: Path) -> None:
    """By `tiny`, in a process of its own, which alone imports torch."""
    code = "import sys; from pathlib import Path; from tests.transcription import tiny\nfolder = Path(sys.argv[1])"
    subprocess.run([sys.executable, "-c", f"{code}\ntiny.{what}", str(folder)], check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sound", type=Path)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--aligner", type=Path)
    parser.add_argument("--random", choices=("tiny", "small", "large-v3"), default="small")
    parser.add_argument("--batch", type=int, nargs="+", default=[8])
    parser.add_argument("--threads", type=int, default=0, help="of the CPU; 0 for one a core")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", choices=KINDS, nargs="+", default=list(KINDS))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, aligner = arguments.model, arguments.aligner
        if model is None or aligner is None:
            model, aligner = random_models(arguments.random, folder)
        tracks = make_tracks(arguments.sound, arguments.minutes * 60, folder)
        titles = (
            "batch",
            "bare whisperx",
            "ours",
            "ours, two tracks",
            "ours/bare, two/one",
            "the same of CPU",
            "real-time factor, bare, ours",
        )
        print(f"| {' | '.join(titles)} |\n{'|---' * len(titles)}|")
        for batch in arguments.batch:
            settings = Settings(
                str(model),
                {"*": str(aligner)},
                language="en",
                batch=batch,
                device=arguments.device,
                threads=arguments.threads,
            )
            print(measure(tracks, settings, arguments.rounds, arguments.kinds), flush=True)


if __name__ == "__main__":
    main()
