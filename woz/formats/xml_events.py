"""XML as it comes, a piece after the other: no element is held, and a file may declare nothing that grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Literal
from xml.parsers.expat import ParserCreate

from defusedxml import DTDForbidden

Kind = Literal["start", "text", "end"]
XmlEvent = tuple[Kind, str, Mapping[str, str]]
"""An element's start (its name and attributes), a text, an element's end (its name); names stand as in the file."""
_PIECE = 1 << 16
_NONE: Mapping[str, str] = {}


def xml_events(file: IO[bytes]) -> Iterator[XmlEvent]:
    """A text between two tags comes in one piece up to 64 KB.

    Raises `defusedxml.DTDForbidden` for a document type, without which there are no entities, ExpatError for what
    is no whole XML, and LookupError or ValueError for an encoding that is unknown.
    """
    events: list[XmlEvent] = []
    parser = ParserCreate()
    parser.buffer_text, parser.buffer_size = True, _PIECE
    parser.StartElementHandler = lambda name, attributes: events.append(("start", name, attributes))
    parser.EndElementHandler = lambda name: events.append(("end", name, _NONE))
    parser.CharacterDataHandler = lambda text: events.append(("text", text, _NONE))
    parser.StartDoctypeDeclHandler = _refused
    while piece := file.read(_PIECE):
        parser.Parse(piece, False)
        yield from events
        events.clear()
    parser.Parse(b"", True)
    yield from events


def _refused(name: str, system_id: str | None, public_id: str | None, has_subset: bool) -> None:
    raise DTDForbidden(name, system_id, public_id)
