"""YAML from strangers: bounded, without aliases and tags, every scalar the text that was written.

That "no", "1.0" and "12:30" stay words is decided by what a field wants, not by YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from woz.base.errors import WozError

MOST_BYTES = 4 * 1024**2
WIDTH = 110
DEEPEST = 24
"""Lists and mappings inside one another."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Tree = str | list["Tree"] | dict[str, "Tree"] | None


def node_of(text: str | bytes, what: str, begins: str) -> yaml.Node:
    """The one document that a text holds; `what` it should be, and with which keys that begins.

    Raises WozError with the line where it is wrong.
    """
    size = len(text.encode(errors="replace")) if isinstance(text, str) else len(text)
    if size > MOST_BYTES:
        raise WozError(f"This is larger than {MOST_BYTES // 1024**2} MB, too large for a {what}.")
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        _refuse_clever(text)
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError:
        raise WozError("This is no text in UTF-8; save it as UTF-8 and try again.") from None
    except yaml.YAMLError as error:
        raise WozError(_words(error)) from None
    if not isinstance(node, yaml.MappingNode):
        raise WozError(f"This is no {what}: it must begin with keys such as {begins}.")
    return node


def tree_of(node: yaml.Node) -> Tree:
    """The words in it; what was left empty is None. Raises WozError for a key that stands twice."""
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node))
    if isinstance(node, yaml.SequenceNode):
        return [tree_of(each) for each in node.value]
    return None if node.value == "" and getattr(node, "style", None) is None else str(node.value)


def filled(tree: Tree) -> Any:
    """Without the keys that nothing stands after: as if they weren't there."""
    if isinstance(tree, dict):
        return {key: filled(value) for key, value in tree.items() if value is not None}
    return [filled(each) for each in tree] if isinstance(tree, list) else tree


def text_of(data: Any) -> str:
    """Dicts, lists and plain values as YAML, the keys in their order."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH))


class _Dumper(yaml.SafeDumper):
    """Lists stand further in than what they belong to; nothing is an alias of something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Several lines as they are, one below the other, where YAML allows it."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, Tree]]:
    seen = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise WozError(f"Line {line_of(key)}: a key must be a plain word.")
        if key.value in seen:
            raise WozError(f"Line {line_of(key)}: {key.value!r} stands here twice; keep one of them.")
        seen.add(key.value)
        yield str(key.value), tree_of(value)


def _refuse_clever(text: str) -> None:
    """Raises WozError for anchors, aliases, tags, and depth without end, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None) is not None:
            raise WozError(f"Line {line}: anchors and aliases (& and *) are not taken; write it out.")
        if getattr(event, "tag", None) not in (None, "!"):
            raise WozError(f"Line {line}: tags (!) are not taken; leave it away.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise WozError(f"Line {line}: it is nested too deep.")


def _words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = str(
        getattr(error, "problem", None) or getattr(error, "reason", None) or "a character that may not be"
    )
    if mark is None:
        return f"This is no YAML: {problem}."
    return f"Line {mark.line + 1}: this is no YAML ({problem}, at character {mark.column + 1})."
