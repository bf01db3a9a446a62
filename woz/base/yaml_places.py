"""Where in a YAML file something is, in words: "tier type 'steps', label 'fit-gear'"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from woz.base.yaml_text import line_of

_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+)\]")
_UNKNOWN = re.compile(r"unknown field `(.*)`")
_MISSING = re.compile(r"missing required field `(.*)`")
_BAD_ENUM = re.compile(r"Invalid enum value '(.*)'")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got")
_WANTED = {"array": "a list", "object": "keys with values", "bool": "true or false", "int": "a whole number"}


@dataclass(frozen=True, slots=True)
class Words:
    """`what` the file is, what an entry of each list is called, and which values an entry may have by its key."""

    what: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    enums: Mapping[str, type[Any]] = field(default_factory=dict)
    named_by: tuple[str, ...] = ("id", "key", "from")
    """The keys by one of which an entry is named."""


def sentence_of(message: str, root: yaml.Node, words: Words) -> str:
    """What msgspec found, as a sentence with the place and the line."""
    what, _, path = message.partition(" - at `$")
    place, key, node = _walked(path.rstrip("`"), root, words)
    start = f"Line {line_of(node)}: " + (f"{place}: " if place else "")
    return f"{start}{_reason(what, key, words)}."


def _reason(what: str, key: str, words: Words) -> str:
    if found := _UNKNOWN.search(what):
        return f"{found[1]!r} is no key that a {words.what} has here; leave it away or mend its spelling"
    if found := _MISSING.search(what):
        return f"the key {found[1]!r} is missing"
    if found := _BAD_ENUM.search(what):
        allowed = ", ".join(str(each) for each in words.enums[key]) if key in words.enums else ""
        return f"{key!r} can't be {found[1]!r}" + (f"; it is one of: {allowed}" if allowed else "")
    if key == "colour":
        return "'colour' must be written as \"#rrggbb\", in quotes"
    if found := _EXPECTED.search(what):
        wanted = _WANTED.get(found[1], "a number" if found[1].startswith("float") else "one word or line")
        return f"{key!r} must be {wanted}"
    return f"{key!r} is not as it should be ({what.replace('`', '')})"


def _walked(path: str, root: yaml.Node, words: Words) -> tuple[str, str, yaml.Node]:
    """The place in words, the last key on the way, and the node that stands there."""
    places, key, node = [], "", root
    for step in _STEP.finditer(path):
        if step["key"] is not None:
            key = step["key"]
            node = next((value for name, value in _entries(node) if name == key), node)
        elif isinstance(node, yaml.SequenceNode):
            node = node.value[int(step["index"])]
            if key in words.kinds:
                places.append(f"{words.kinds[key]} {_name_of(node, int(step['index']), words)}")
    return ", ".join(places), key, node


def _name_of(node: yaml.Node, index: int, words: Words) -> str:
    by_key = dict(_entries(node))
    for key in words.named_by:
        if isinstance(by_key.get(key), yaml.ScalarNode):
            return repr(by_key[key].value)
    return repr(node.value) if isinstance(node, yaml.ScalarNode) else str(index + 1)


def _entries(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value
