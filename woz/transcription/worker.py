"""The child process of a transcription: `python -m woz.transcription.worker`.

Reads one task as JSON on standard input; writes one JSON object a line: progress, then the result or an error. Each
stage's result is kept in the task's cache under what it depends on, so that an interrupted task goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from woz.errors import WozError
from woz.transcription.task import Heard, Result, Task, VoiceResult
from woz.transcription.tracks import read_voice

if TYPE_CHECKING:
    from woz.transcription.whisperx_engine import WhisperXEngine

Samples = NDArray[np.float32]
Say = Callable[[str, float], None]


class Cache:
    """Results of stages as JSON files, by a digest of what they depend on."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, make: Callable[[], Any], *depends: object) -> Any:
        """The kept result, or the one that `make` gives, kept from now on."""
        if self._folder is None:
            return make()
        path = self._folder / f"{hashlib.sha256(repr(depends).encode()).hexdigest()}.json"
        if path.is_file():
            return json.loads(path.read_text())
        made = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(made))
        temporary.replace(path)
        return made


def transcribe(task: Task, say: Say) -> Result:
    """Recognise all voices of a task. Raises WozError where a voice can't be read."""
    say("reading the voices", 0.0)
    voices = [(voice, *read_voice(Path(voice.path), voice.track)) for voice in task.voices]
    from woz.transcription.whisperx_engine import WhisperXEngine

    engine = WhisperXEngine(task, say)
    cache = Cache(Path(task.cache) if task.cache else None)
    results, language = [], task.language
    for number, (voice, samples, start_ns) in enumerate(voices):
        content = hashlib.sha256(samples.tobytes()).hexdigest()
        settings = (content, _model_key(task.model), task.language)
        part = number / len(voices)
        say(f"recognising the {voice.speaker}", part)
        speech_ns = cache.get(partial(engine.speech_ns, samples), "speech", content)
        if speech_ns == 0:
            results.append(VoiceResult(voice.speaker, (), 0))
            continue
        recognised = cache.get(partial(engine.recognise, samples), "recognised", settings)
        say(f"aligning the {voice.speaker}", part + 0.7 / len(voices))
        language = language or recognised["language"]
        words = cache.get(
            partial(_words, engine, recognised, samples),
            "words",
            settings,
            _model_key(task.align_model) if task.align_model else None,
        )
        results.append(VoiceResult(voice.speaker, tuple(_shifted(word, start_ns) for word in words), speech_ns))
    say("done", 1.0)
    return Result(tuple(results), language or "", f"{engine.made_by} on {engine.device}", tuple(engine.notes))


def _words(engine: WhisperXEngine, recognised: dict[str, Any], samples: Samples) -> list[dict[str, Any]]:
    return [_plain(word) for word in engine.words(recognised, samples)]


def _plain(word: Heard) -> dict[str, Any]:
    return {"text": word.text, "start_ns": word.start_ns, "end_ns": word.end_ns, "confidence": word.confidence}


def _shifted(word: dict[str, Any], by_ns: int) -> Heard:
    return Heard(word["text"], word["start_ns"] + by_ns, word["end_ns"] + by_ns, word["confidence"])


def _model_key(path: str) -> tuple[object, ...]:
    """A model is told from another by its files' names, sizes and times."""
    files = sorted(Path(path).iterdir())
    return (path, *((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.is_file()))


def main() -> int:
    own = _private_stdout()

    def tell(**news: Any) -> None:
        own.write(json.dumps(news) + "\n")
        own.flush()

    try:
        task = Task.from_data(json.load(sys.stdin))
        result = transcribe(task, lambda stage, part: tell(stage=stage, part=part))
    except WozError as error:
        tell(error=str(error))
        return 1
    except Exception as error:
        traceback.print_exc()
        tell(error=f"Recognition failed ({type(error).__name__}: {error}); woz doctor may tell why.")
        return 1
    tell(result=result.to_data())
    return 0


def _private_stdout() -> TextIO:
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    sys.exit(main())
