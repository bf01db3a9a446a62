"""Who said what when, as files of the field say it: STM, RTTM, CTM. Times in seconds, as in the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError, unread
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Utterance:
    """`text` is None where the format keeps none."""

    speaker: str
    start_s: float
    end_s: float
    text: str | None


def read_reference(path: Path) -> list[Utterance]:
    """By the file's suffix: .stm, .rttm or .ctm. Raises WozError for another, or a line that doesn't hold."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise WozError(f"{path} is of no known kind; give a .stm, .rttm or .ctm file, or a transcript's id.")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(path, error)) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(";;"):
            continue
        try:
            found += read(line.split())
        except (ValueError, IndexError):
            raise WozError(f"{path}, line {number}: this is no line of a {path.suffix} file.") from None
    if not found:
        raise WozError(f"{path} holds no utterance.")
    return found


def from_turns(turns: Iterable[Turn]) -> list[Utterance]:
    return [
        Utterance(turn.voice or turn.speaker, turn.interval.start_ns / 1e9, turn.interval.end_ns / 1e9, turn.text)
        for turn in turns
    ]


def _stm(f: list[str]) -> list[Utterance]:
    """file channel speaker start end [<label>] words…"""
    words = f[5:]
    if words and words[0].startswith("<") and words[0].endswith(">"):
        words = words[1:]
    return [Utterance(f[2], float(f[3]), float(f[4]), " ".join(words))]


def _rttm(f: list[str]) -> list[Utterance]:
    """SPEAKER file channel start duration <NA> <NA> speaker …; lines of other kinds hold no speech."""
    return [Utterance(f[7], float(f[3]), float(f[3]) + float(f[4]), None)] if f[0] == "SPEAKER" else []


def _ctm(f: list[str]) -> list[Utterance]:
    """file channel start duration word …; the channel is the speaker."""
    return [Utterance(f[1], float(f[2]), float(f[2]) + float(f[3]), f[4])]


READERS: dict[str, Callable[[list[str]], list[Utterance]]] = {".stm": _stm, ".rttm": _rttm, ".ctm": _ctm}
