"""What of an item is written in words, so that it can be searched."""

from __future__ import annotations

from collections.abc import Iterator

from woz.model.annotation import Annotation
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.question import Question
from woz.model.transcript import Turn


def texts_of(item: Item) -> Iterator[tuple[str, str]]:
    """Each text with the field it stands in; labels are not among them, since a scheme names those."""
    if isinstance(item, Turn):
        found = [("text", item.text), ("translation", item.translation), ("doubt", item.doubt or "")]
    elif isinstance(item, Annotation):
        values = [(each.key, each.value) for each in item.attributes if isinstance(each.value, str)]
        found = [("note", item.note), *values, *((each.key, each.note) for each in item.attributes)]
    elif isinstance(item, Link):
        found = [("note", item.note), ("doubt", item.doubt or "")]
    elif isinstance(item, Question):
        english = [("english", item.english.text), ("english", item.english.answer)] if item.english else []
        english += [("english", each.english) for each in item.distractors]
        wrong = [("distractors", each.text) for each in item.distractors]
        found = [("text", item.text), ("answer", item.answer), *english, *wrong]
    else:
        found = []
    return ((field, text) for field, text in found if text)
