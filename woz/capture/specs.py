"""Opens the source that a user names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.capture.source_spec import BESIDE, no_source, parse_source

if TYPE_CHECKING:
    from woz.capture.source import Source


def open_source(spec: str, clock: Clock) -> Source:
    """Raises WozError for a spec that is none, and where the source can't be opened."""
    view, beside, glasses = spec.rpartition(BESIDE)
    if beside:
        from woz.capture.aria.opening import open_beside

        return open_beside(open_source(view, clock), f"aria{glasses}", clock)
    parsed = parse_source(spec)
    kind, what, options = parsed.kind, parsed.what, parsed.options
    loop = options.get("loop", "0") == "1"
    if kind == "synthetic":
        from woz.capture.synthetic import SyntheticSource

        numbers = [_number(options, key, least, most, usual) for key, least, most, usual in _SYNTHETIC]
        return SyntheticSource(clock, int(numbers[0]), int(numbers[1]) // 16 * 16, *numbers[2:])
    if kind == "vrs" and what:
        from woz.capture.vrs_file import VrsFileSource

        return VrsFileSource(Path(what), clock, loop)
    if kind == "file" and what:
        from woz.capture.media_file import MediaFileSource

        return MediaFileSource(Path(what), clock, loop)
    if kind == "camera" and what.isdigit():
        from woz.capture.camera import CameraSource
        from woz.capture.restarting import RestartingSource

        return RestartingSource(f"camera {what}", lambda: CameraSource(int(what), clock), clock)
    if kind.startswith("aria") and what:
        return _open_glasses(kind, what, options, loop, clock)
    raise no_source(spec)


def _open_glasses(kind: str, what: str, options: dict[str, str], loop: bool, clock: Clock) -> Source:
    from woz.capture.aria.opening import open_gen1, open_gen2, open_replay

    if kind == "aria1":
        return open_gen1(what, options, clock)
    if kind == "aria2":
        return open_gen2(what, options, clock)
    if kind == "aria2-replay":
        return open_replay(Path(what), loop, clock)
    raise no_source(kind)


_SYNTHETIC = (("fps", 1, 60, 20), ("size", 192, 4096, 1408), ("task", 1, 86_400, 60), ("grain", 0, 50, 0))


def _number(options: dict[str, str], key: str, least: int, most: int, usual: int) -> float:
    text = options.get(key, str(usual))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise WozError(f"The source's option {key} must be a number from {least} to {most}, not {text!r}.")
    return value
