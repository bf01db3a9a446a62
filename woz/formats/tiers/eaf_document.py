"""What an ELAN file holds besides tiers of annotations: kept as annotations without a time, and written back.

Each is of an element: its label is the element's name, its attributes are the element's, its note the text. What is
inside it (a vocabulary's entries) is the attribute `content`, as XML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from woz.formats.bundle import SessionBundle
from woz.formats.tiers.values import END_BEFORE_START
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, SchemeId, TierId
from woz.model.item import ItemRef
from woz.model.made import Made
from woz.model.people import Role
from woz.model.scheme import AttributeType, Overlap, Scheme, Shape, TierType, ValueKind
from woz.model.session import Take

DOCUMENT = "elan-document"
"""The key of the tier type, and the id of its scheme."""
CONTENT = "content"
FORMAT = "3.0"
PARENTS = "woz:parents"
"""The set of links from what doesn't lie in its parent to that."""
DOUBTS = "woz:doubts"
"""The property with what is doubtful about links, by the link."""
MARKS = ("EXT_REF", "LANG_REF", "SVG_REF", "CVE_REF", "value_language", "unaligned", END_BEFORE_START)
"""Attributes of annotations that stand at the annotation's own place in the file: the first four by ELAN's names;
the language of its label's name where it is not the first; which of its times have no value; and an end that lies
before the start.
"""
_ATTRIBUTES = (
    "content AUTHOR DATE MEDIA_FILE LICENSE_URL MEDIA_URL RELATIVE_MEDIA_URL MIME_TYPE TIME_ORIGIN EXTRACTED_FROM"
    " LINK_URL RELATIVE_LINK_URL ASSOCIATED_WITH NAME TIER_ID PARTICIPANT ANNOTATOR LINGUISTIC_TYPE_REF PARENT_REF"
    " DEFAULT_LOCALE LANG_REF EXT_REF LINGUISTIC_TYPE_ID TIME_ALIGNABLE CONSTRAINTS GRAPHIC_REFERENCES"
    " CONTROLLED_VOCABULARY_REF LEXICON_REF LANGUAGE_CODE COUNTRY_CODE VARIANT LANG_ID LANG_DEF LANG_LABEL"
    " STEREOTYPE DESCRIPTION CV_ID LEX_REF_ID TYPE URL LEXICON_ID LEXICON_NAME DATCAT_ID DATCAT_NAME"
    " EXT_REF_ID VALUE REF_LINK_ID REF_LINK_NAME REF_TYPE CVE_REF DIRECTIONALITY LINK_SET_ID LINK_SET_NAME CV_REF"
)
"""Of all elements that are kept, by the schema of EAF 3.0."""
DOCUMENT_SCHEME = Scheme(
    SchemeId(DOCUMENT),
    "ELAN document",
    1,
    (
        TierType(
            DOCUMENT,
            {"en": "ELAN document"},
            Shape.SESSION,
            overlap=Overlap.ANY,
            open=True,
            attributes=tuple(AttributeType(key, ValueKind.TEXT) for key in _ATTRIBUTES.split(" ")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An element with its attributes. `items` are those that it refers to, by the attribute that does."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    content: str = ""
    items: tuple[tuple[str, ItemRef], ...] = ()

    def annotation(self, item_id: str, tier_id: TierId, made: Made) -> Annotation:
        attributes = [Attribute(key, value) for key, value in self.attributes.items()]
        attributes += [Attribute(key, item) for key, item in self.items]
        attributes += [Attribute(CONTENT, self.content)] if self.content else []
        return Annotation(
            AnnotationId(item_id), tier_id, None, None, self.name, made, tuple(attributes), note=self.text
        )


@dataclass(frozen=True, slots=True)
class TierFact:
    """What a tier of a file that woz wrote is, beside what ELAN knows of it: in its property `woz:tier:NAME`.

    `of` is "tier", "turns", "words" or "value". `id` is the same for all tiers of the file that hold parts of one.
    """

    of: str
    id: str = ""
    name: str = ""
    scheme: str = ""
    version: int = 0
    type: str = ""
    subject: str = ""
    parent: str = ""
    given: bool = False
    timeless: bool = False
    speaker: Role = Role.OTHER
    voice: str = ""
    key: str = ""
    origin: str = ""
    by: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class SessionFact:
    """Of the session, in the property `woz`."""

    title: str = ""
    duration_ns: int | None = None
    start_utc_ns: int | None = None
    language: str = ""
    takes: tuple[Take, ...] = ()


def kept_in(bundle: SessionBundle) -> Iterator[Kept]:
    """As `Kept.annotation` made them."""
    tiers = {tier.id for tier in bundle.tiers if tier.tier_type == DOCUMENT}
    for each in bundle.annotations:
        if each.tier_id in tiers:
            texts = [(a.key, a.value) for a in each.attributes if isinstance(a.value, str)]
            items = tuple((a.key, a.value) for a in each.attributes if isinstance(a.value, ItemRef))
            attributes = {key: value for key, value in texts if key != CONTENT}
            yield Kept(each.label, attributes, each.note, dict(texts).get(CONTENT, ""), items)
