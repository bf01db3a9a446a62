"""Tracks of sound that go into a copy of a film as they are, packet by packet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import OutputContainer

from woz.base.commands import quoted
from woz.base.errors import WozError


def passed_on(out: OutputContainer, tracks: Iterable[AudioStream], film: Path) -> dict[int, AudioStream]:
    """The copy's track for each of a film's, by its index there. Raises WozError for a codec that it can't hold."""
    made = dict[int, AudioStream]()
    for each in tracks:
        try:
            made[each.index] = out.add_stream_from_template(each)
        except ValueError:
            name, new = each.codec_context.name, film.with_name(f"{film.stem}-aac.mp4").name
            command = f"ffmpeg -i {quoted(film.name)} -c:v copy -c:a aac {quoted(new)}"
            raise WozError(
                f"The sound of {film} is {name}, as telephones record messages, which no copy can hold; make a film"
                f" of it with {command}, and take that in instead."
            ) from None
    return made
