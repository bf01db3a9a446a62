"""What a media file says of itself beside its pictures and its sound: tags, chapters, covers, other tracks, Exif.

FFmpeg tells what it knows; boxes of an MP4 that cameras put there on their own are told by their kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition

from woz.base.errors import WozError
from woz.base.mp4_boxes import SUFFIXES, boxes, boxes_of, within
from woz.privacy.picture_tags import JPEG, PNG, of_jpeg, of_png

MEDIA = SUFFIXES | {".mkv", ".mka", ".webm", ".ts", ".wav", ".flac", ".mp3", ".ogg", ".opus", *JPEG, *PNG}
MOST = 80
"""Characters of a tag's text that are told."""
WRITER = "Lav"
"""How FFmpeg's libraries begin what they write of themselves."""
HANDLERS = ("VideoHandler", "SoundHandler")
VENDORS = ("[0][0][0][0]", "FFMP")
FORM = frozenset({"major_brand", "minor_version", "compatible_brands", "duration", "language"})
"""Tags that any file of its kind has, and that tell nothing of who, where, when or with what."""


@dataclass(frozen=True, slots=True)
class Said:
    """`where` is the file or one of its tracks or chapters; `key` the tag's, `text` what it says."""

    where: str
    key: str
    text: str

    def __str__(self) -> str:
        told = " ".join(self.text.split())
        text = f" “{told[:MOST]}{'…' if len(told) > MOST else ''}”" if told else ""
        return f"{self.where} has {self.key}{text}"

    @property
    def is_form(self) -> bool:
        """Whether it is what this program's own writers leave in every file."""
        key = self.key.casefold()
        return (
            key in FORM
            or (key == "encoder" and self.text.startswith(WRITER))
            or (key == "handler_name" and self.text in HANDLERS)
            or (key == "vendor_id" and self.text in VENDORS)
        )


def said_in(path: Path, called: str = "") -> list[Said]:
    """Empty for a file that is no media by the end of its name. Raises WozError, with what it is `called`, for one
    that can't be read.
    """
    end = path.suffix.lower()
    if end not in MEDIA:
        return []
    try:
        if end in (*JPEG, *PNG):
            found = of_jpeg(path) if end in JPEG else of_png(path)
            return [Said("the picture", key, text) for key, text in found]
        with av.open(str(path)) as container:
            return [*_by_ffmpeg(container), *(_boxes(path) if end in SUFFIXES else ())]
    except (av.FFmpegError, OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise WozError(
            f"{called or path} can't be read as a picture, a sound or a film ({why}); take it out."
        ) from error


def _by_ffmpeg(container: InputContainer) -> Iterator[Said]:
    yield from _tags("the file", container.metadata)
    for number, stream in enumerate(container.streams):
        where = f"track {number}"
        yield from _tags(where, stream.metadata)
        if Disposition.attached_pic in stream.disposition:
            yield Said(where, "a cover picture", "")
        if stream.type not in ("video", "audio"):
            yield Said(where, f"neither pictures nor sound but {stream.type}", "")
    for number, chapter in enumerate(container.chapters()):
        yield from _tags(f"chapter {number}", chapter["metadata"])


def _tags(where: str, tags: Mapping[str, str]) -> Iterator[Said]:
    return (Said(where, key, text) for key, text in tags.items())


def _boxes(path: Path) -> Iterator[Said]:
    """What stands in an MP4's user data beside the tags that FFmpeg reads, and what other programs put in."""
    whole = boxes_of(path)
    with path.open("rb") as file:
        movies = [box for box in whole if box.kind == b"moov"]
        found = [box for movie in movies for box in within(file, movie, b"udta")]
        found += [box for movie in movies for box in within(file, movie, b"trak", b"udta")]
        kinds = [each.kind for box in found for each in boxes(file, box.begin, box.end)]
    kinds += [box.kind for box in whole if box.kind == b"uuid"]
    yield from (Said("the file", f"a box {kind.decode('latin-1')}", "") for kind in kinds if kind != b"meta")
