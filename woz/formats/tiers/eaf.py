"""ELAN's annotation format, EAF 3.0, both ways; files since version 2.6 are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, each_session
from woz.formats.parts import Lost
from woz.formats.tiers.eaf_document import DOCUMENT
from woz.formats.tiers.eaf_reader import read_eaf
from woz.formats.tiers.eaf_writer import write_eaf
from woz.formats.tiers.layers import layers_of
from woz.formats.xml_characters import is_xml


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    for bundle in bundles:
        yield Lost("questions and answers", len(bundle.questions))
        yield Lost("texts with characters that XML can't hold", sum(not is_xml(text) for text in _texts(bundle)))
        known = {str(each.id) for each in bundle.annotations} | {str(each.id) for each in bundle.turns}
        known |= {str(each.id) for each in bundle.links}
        outside = (link for link in bundle.links if not {link.source.id, link.target.id} <= known)
        yield Lost("links to what is not in the file", sum(1 for _ in outside))


def _texts(bundle: SessionBundle) -> Iterator[str]:
    for layer in layers_of(bundle, without=DOCUMENT):
        yield layer.name
        for entry in layer.entries:
            yield entry.value
            yield from (text for _, text in entry.values)
    yield from (link.note for link in bundle.links)


FORMATS = (
    Format(
        "eaf",
        "tiers, turns and words for ELAN",
        "eaf",
        (
            "tiers with parents and vocabularies",
            "intervals, points, items without a time",
            "attributes, notes, confidence",
            "turns, words, translations, voices, what is checked or doubted",
            "links",
        ),
        ("questions", "who made each item, and the way it was made, when it is read again"),
        "ELAN Annotation Format 3.0, EAFv3.0.xsd",
        read=read_eaf,
        write=each_session("eaf", write_eaf),
        losses=_losses,
    ),
)
