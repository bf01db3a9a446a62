"""The characters that XML 1.0 can hold (section 2.2)."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_xml(text: str) -> bool:
    """Whether XML can hold each of the characters."""
    return not _NOT_XML.search(text)


def xml_text(text: str) -> str:
    """With U+FFFD in the place of each character that it can't hold."""
    return _NOT_XML.sub("\ufffd", text)
