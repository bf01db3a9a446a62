"""What only a GPU can show: memory that runs out, a run that is killed, on real speech with a real model.

    python -m tests.benchmarks.bench_gpu --model base --kept FOLDER --json FILE
    python -m tests.benchmarks.bench_gpu --model FOLDER --audio call --batch 16 --left 60% 40% 500

*memory*: another process takes the GPU's memory and leaves ever less; what the program went on with is told, and
whether it says the same. *killed*: the child is killed after recognition; the next run takes what was kept.
The table on a GPU is `bench_transcription --device cuda`; voices, `bench_diarization --device cuda`; large-v3's
size, `cost --device cuda --random large-v3`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.benchmarks.gpu_memory import all_taken_but, free_mb, gpu_name
from tests.benchmarks.transcription.audio import Audio, make
from tests.benchmarks.transcription.kept_audio import kept
from tests.benchmarks.transcription.measures import measured
from tests.benchmarks.transcription.transcribers import How, Made, ours, task_of
from tests.real_models import REAL_MODELS, Unavailable, real_model
from woz.transcription.queue import Done, Failed, News, Note, Queue
from woz.transcription.task import Progress, Result

LEFT = ("90%", "60%", "40%", "20%", "5%")
"""Of what an undisturbed run takes."""


@dataclass(frozen=True)
class Tried:
    what: str
    seconds: float
    gpu_mb: float
    cpwer: float | None
    same_words: bool
    told: list[str] = field(default_factory=list)


def tried(what: str, audio: Audio, made: Made, whole: Made) -> Tried:
    told = [note for note in made.notes if "memory" in note]
    same = [u.text for u in made.turns] == [u.text for u in whole.turns]
    return Tried(what, made.seconds, made.gpu_mb, measured(audio, made).cpwer, same, told)


def with_less_memory(audio: Audio, how: How, left: Sequence[str]) -> list[Tried]:
    """An undisturbed run, then runs with so much of the GPU's memory left: MB, or % of what the first one took."""
    whole = ours(audio, how)
    found = [tried("undisturbed", audio, whole, whole)]
    for text in left:
        share = float(text.removesuffix("%"))
        with all_taken_but(share / 100 * whole.gpu_mb if text.endswith("%") else share):
            what = f"{free_mb():.0f} MB left"
            try:
                found.append(tried(what, audio, ours(audio, how), whole))
            except SystemExit as failure:
                found.append(Tried(what, 0.0, 0.0, None, False, [f"FAILED: {failure}"]))
        print(found[-1], flush=True)
    return found


def killed_once(audio: Audio, how: How) -> Tried:
    """Killed when the last voice's turn to be recognised comes, and started again."""
    with tempfile.TemporaryDirectory() as cache:
        whole = _finished(Queue([task_of(audio, how, cache)]))[1]
    with tempfile.TemporaryDirectory() as cache:
        task = task_of(audio, how, cache)
        first = Queue([task])
        died = [_kill_at(first, news, f"recognition of the {task.voices[-1].speaker}'s") for news in first.run()]
        began = time.monotonic()
        told, result = _finished(Queue([task]))
        seconds = time.monotonic() - began
    same = result.voices == whole.voices
    return Tried("killed in recognition", seconds, 0.0, None, same, [*filter(None, died), *told])


def _kill_at(queue: Queue, news: News, stage: str) -> str:
    if isinstance(news, Progress) and news.stage.startswith(stage) and queue.child_pid:
        os.kill(queue.child_pid, signal.SIGKILL)
    return news.sentence if isinstance(news, Failed) else ""


def _finished(queue: Queue) -> tuple[list[str], Result]:
    told = list[str]()
    for news in queue.run():
        match news:
            case Note(_, text):
                told.append(text)
            case Failed(_, sentence):
                raise SystemExit(sentence)
            case Done(_, result):
                return told, result
    raise SystemExit("The queue ended without a result.")


def main() -> int:
    arguments = _arguments()
    try:
        model = real_model(arguments.model) if arguments.model in REAL_MODELS else Path(arguments.model)
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    how = How(model, device=arguments.device, batch=arguments.batch)
    found: list[Tried] = []
    with tempfile.TemporaryDirectory() as name:
        audio = kept(arguments.audio, arguments.kept) if arguments.kept else None
        audio = audio or make(arguments.audio, Path(name))
        if "memory" in arguments.steps:
            found += with_less_memory(audio, how, arguments.left)
        if "killed" in arguments.steps:
            found.append(killed_once(audio, how))
    print(f"{gpu_name()}; {arguments.audio}, {audio.seconds:.0f} s\n{table(found)}")
    if arguments.json:
        data = {"gpu": gpu_name(), "audio": arguments.audio, "tried": [asdict(one) for one in found]}
        arguments.json.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return 0


def table(found: Sequence[Tried]) -> str:
    rows = ["| | seconds | MB of the GPU | cpWER | same words | told |", "|---|---|---|---|---|---|"]
    for one in found:
        cpwer = "-" if one.cpwer is None else f"{one.cpwer:.1%}"
        same = "yes" if one.same_words else "no"
        cells = [one.what, f"{one.seconds:.1f}", f"{one.gpu_mb:.0f}", cpwer, same, "; ".join(one.told)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="base", help="a name, or a folder in CTranslate2's form")
    parser.add_argument("--audio", default="dialogue-en", help="as bench_transcription has it")
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="where bench_transcription kept audio")
    parser.add_argument("--steps", nargs="+", choices=("memory", "killed"), default=["memory", "killed"])
    parser.add_argument("--left", nargs="+", default=LEFT, metavar="MB_OR_PERCENT", help="of the GPU's memory")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
