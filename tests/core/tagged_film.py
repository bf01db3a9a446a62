"""A film that tells of itself all that telephones and cameras write beside pictures and sound."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import av

TAGS = {
    "title": "Anna Meier's kitchen",
    "artist": "Anna Meier",
    "comment": "for MeierAnna",
    "com.apple.quicktime.location.ISO6709": "+52.5200+013.4050/",
    "location": "+52.5200+013.4050/",
    "make": "Apple",
    "model": "iPhone 15 Pro",
    "com.apple.quicktime.camera.serial": "C39XL0ANNA",
    "creation_time": "2026-03-01T10:00:00Z",
}
TRACK_TAGS = {"title": "Anna's view", "handler_name": "GoPro AVC", "creation_time": "2026-03-01T10:00:00Z"}


def write_tagged(
    film: Path,
    path: Path,
    tags: Mapping[str, str] = TAGS,
    track: Mapping[str, str] = TRACK_TAGS,
    name: str = "Anna Meier",
) -> Path:
    """The same pictures and sound, with tags and a chapter of that name; in Matroska also subtitles that say it."""
    with av.open(str(film)) as source, av.open(str(path), "w", options=_options(path)) as out:
        out.metadata.update(tags)
        made = {each.index: out.add_stream_from_template(each) for each in source.streams}
        for each in made.values():
            each.metadata.update(track)
        words = out.add_mux_stream("subrip") if path.suffix == ".mkv" else None
        out.set_chapters(
            [{"id": 1, "start": 0, "end": 900, "time_base": Fraction(1, 1000), "metadata": {"title": name}}]
        )
        if words:
            said = av.Packet(f"Hello {name}".encode())
            said.stream, said.pts, said.dts, said.duration, said.time_base = words, 0, 0, 900, Fraction(1, 1000)
            out.mux(said)
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = made[packet.stream.index]
                out.mux(packet)
    return path


def _options(path: Path) -> dict[str, str]:
    return {"movflags": "use_metadata_tags"} if path.suffix in (".mp4", ".mov") else {}
