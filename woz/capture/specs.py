"""Opens the source that a user names: KIND:WHAT?OPTION=VALUE&..."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

from woz.capture.source import Source
from woz.clock import Clock
from woz.errors import WozError

SOURCES = {
    "synthetic": "a drawn table-top task; options fps, size (pixels), task (seconds)",
    "vrs:FILE": "an Aria recording of either generation; option loop=1",
    "file:FILE": "any video file; option loop=1",
    "camera:N": "the webcam number N",
    "aria2-replay:FILE": "a Gen 2 recording through the Aria Client SDK's live interface; option loop=1",
}


def open_source(spec: str, clock: Clock) -> Source:
    """Raises WozError for a spec that is none, and where the source can't be opened."""
    head, _, query = spec.partition("?")
    kind, _, what = head.partition(":")
    options = dict(parse_qsl(query))
    loop = options.get("loop", "0") == "1"
    if kind == "synthetic":
        from woz.capture.synthetic import SyntheticSource

        numbers = [_number(options, key, least, most, usual) for key, least, most, usual in _SYNTHETIC]
        return SyntheticSource(clock, int(numbers[0]), int(numbers[1]) // 16 * 16, numbers[2])
    if kind == "vrs" and what:
        from woz.capture.vrs_file import VrsFileSource

        return VrsFileSource(Path(what), clock, loop)
    if kind == "file" and what:
        from woz.capture.media_file import MediaFileSource

        return MediaFileSource(Path(what), clock, loop)
    if kind == "camera" and what.isdigit():
        from woz.capture.camera import CameraSource

        return CameraSource(int(what), clock)
    if kind == "aria2-replay" and what:
        from woz.capture.aria.opening import open_replay

        return open_replay(Path(what), loop, clock)
    raise WozError(f"{spec!r} names no source; the sources are {', '.join(SOURCES)}.")


_SYNTHETIC = (("fps", 1, 60, 20), ("size", 192, 4096, 1408), ("task", 1, 86_400, 60))


def _number(options: dict[str, str], key: str, least: int, most: int, usual: int) -> float:
    text = options.get(key, str(usual))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise WozError(f"The source's option {key} must be a number from {least} to {most}, not {text!r}.")
    return value
