"""What stands in a card as it is written: nothing of a name or a sentence of others is Markdown or HTML."""

from __future__ import annotations

import html
import re

_SIGNS = r"[\\`*_\[\]<>|~&]"
_SIGN, _WRITTEN = re.compile(_SIGNS), re.compile(rf"\\({_SIGNS})")


def as_written(text: str) -> str:
    """In Markdown, on one line."""
    return _SIGN.sub(r"\\\g<0>", " ".join(text.split()))


def cell(text: str) -> str:
    """The same of a table, where a line that ends is a break."""
    return "<br>".join(map(as_written, text.strip().splitlines()))


def on_page(line: str) -> str:
    """Markdown as HTML: emphasis and code, as far as the card uses them, and what is shown as it is written."""
    parts = _WRITTEN.split(line)
    text = "".join(_entity(part) if i % 2 else html.escape(part) for i, part in enumerate(parts))
    for mark, tag in (("`", "code"), ("*", "em")):
        marked = text.split(mark)
        opened = (f"<{tag}>{part}</{tag}>" if i % 2 else part for i, part in enumerate(marked))
        text = "".join(opened) if len(marked) % 2 else text
    return text


def _entity(sign: str) -> str:
    """Of a mark its number, so that it marks nothing."""
    return f"&#{ord(sign)};" if sign in "`*" else html.escape(sign)
