"""XML as text, written in pieces; the same values make the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from woz.formats.xml_characters import xml_text

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")
_ID = re.compile(r"[A-Za-z0-9_.-]+")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_QUOTED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)


def opening(name: str, attributes: Iterable[tuple[str, str]]) -> str:
    return f"<{name}{_attributes(attributes)}>"


def element(name: str, attributes: Iterable[tuple[str, str]], text: str = "", content: str = "") -> str:
    """`content` is XML, and is left out where it isn't."""
    inside = xml_text(text).translate(_TEXT) + "".join(inner(each) for each in parsed(content))
    return (
        f"<{name}{_attributes(attributes)}>{inside}</{name}>" if inside else f"<{name}{_attributes(attributes)}/>"
    )


def parsed(content: str) -> list[Element]:
    """The elements in a piece of XML; none in what is no XML."""
    try:
        return list(fromstring(f"<x>{xml_text(content)}</x>", forbid_dtd=True)) if content else []
    except (ParseError, DefusedXmlException):
        return []


def inner(each: Element) -> str:
    """An element as text, without what stands after it."""
    each.tail = None
    return tostring(each, encoding="unicode")


def xml_id(item_id: str) -> str:
    """An item's id as an id of XML; with a digit, since pympi wants one."""
    return f"woz1_{item_id}" if _ID.fullmatch(item_id) else f"woz1-x{item_id.encode('utf-8', 'replace').hex()}"


def _attributes(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f' {key}="{xml_text(value).translate(_QUOTED)}"' for key, value in attributes if _NAME.fullmatch(key)
    )
