"""Verbs whose modules are imported only when they are called."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Verb:
    """`module` has `options(parser)` and, where it isn't a group of verbs, `run(arguments) -> int`.

    With `reordered(words)` it also reads words in another order than its options have.
    """

    text: str
    module: str


class VerbParser(argparse.ArgumentParser):
    """Asks its verb's module for the options when it comes to read them."""

    module = ""
    _reorder: Callable[[Sequence[str]], list[str]] | None = None

    def load(self) -> None:
        """Take the options from the module, once."""
        if self.module:
            verb = importlib.import_module(self.module)
            self.module = ""
            verb.options(self)
            self._reorder = getattr(verb, "reordered", None)
            if hasattr(verb, "run"):
                self.set_defaults(run=verb.run)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.load()
        if self._reorder and args is not None:
            args = self._reorder(args)
        return super().parse_known_args(args, namespace)


def add_verbs(parser: argparse.ArgumentParser, verbs: Mapping[str, Verb], **words: Any) -> None:
    """Give a parser these verbs; `words` go to argparse's `add_subparsers`."""
    made = parser.add_subparsers(parser_class=VerbParser, **words)
    for name, verb in verbs.items():
        one = made.add_parser(name, help=verb.text, description=verb.text)
        one.module = verb.module
        one.add_argument(
            "--verbose", action="store_true", default=argparse.SUPPRESS, help="log what happens inside"
        )
        one.add_argument("--theme", choices=THEMES, default=argparse.SUPPRESS, help="the windows' look")
