"""Files of references and predictions: read whole, or refused with a sentence that says where."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from woz.base.errors import WozError
from woz.base.outside import Unsound, read, read_file, whole_lines

T = TypeVar("T")


def value_of(path: Path, kind: type[T]) -> T:
    """A JSON file as a value of a kind. Raises WozError for what can't be read, isn't of the kind, or names twice
    what it has one value for: of two, a reader would take the last and say nothing.
    """
    try:
        value = read_file(path, kind)
        _demand_each_once(path)
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} can't be scored: {error}.") from error
    return value


def _demand_each_once(path: Path) -> None:
    """Where nobody asks for a value a schema passes over what no other reader takes."""
    try:
        json.loads(path.read_bytes(), object_pairs_hook=_each_once)
    except Unsound:
        raise
    except RecursionError:
        raise Unsound("it is nested too deep") from None
    except UnicodeError:
        raise Unsound("it is not written in UTF-8") from None
    except ValueError:
        raise Unsound("it is no JSON that could be read whole") from None


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    seen = set[str]()
    for name, _ in pairs:
        if name in seen:
            raise Unsound(f"it holds {name} twice; keep one")
        seen.add(name)


def lines_by(path: Path, kind: type[T], key: Callable[[T], str]) -> dict[str, T]:
    """JSON Lines by their key, in the file's order. Raises WozError for what can't be read, isn't of the kind, or
    comes twice.
    """
    found = dict[str, T]()
    nr = 0
    try:
        for nr, raw in enumerate(whole_lines(path), 1):
            if raw.strip():
                each = read(raw, kind)
                if key(each) in found:
                    raise WozError(f"{path} holds {key(each)} twice, again in line {nr}; keep one.")
                found[key(each)] = each
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} can't be scored: in line {nr or 1} {error}.") from error
    return found


def demand_same(
    known: Mapping[str, object], told: Mapping[str, object], reference: Path, predicted: Path, what: str = "items"
) -> None:
    """Raises WozError where one holds what the other lacks, or there is nothing: no figure is made from a part."""
    if not known:
        raise WozError(f"{reference} holds nothing to score; it needs a reference of at least one of the {what}.")
    for missing, path in ((known.keys() - told.keys(), predicted), (told.keys() - known.keys(), reference)):
        if missing:
            raise WozError(
                f"{path} lacks {len(missing)} of the {what}, {min(missing)} among them; add them, or take them out"
                f" of {reference if path == predicted else predicted}."
            )
