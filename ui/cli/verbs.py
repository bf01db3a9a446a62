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


class WordParser(argparse.ArgumentParser):
    """Of a word that is none of those it takes it says which one was meant."""

    instead: Mapping[str, str] = {}
    """What to do, by words that people type for what is no command."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            if meant := self._meant(action, str(value)):
                raise argparse.ArgumentError(action, f"there is no {value!r}; {meant}") from error
            raise

    def _meant(self, action: argparse.Action, typed: str) -> str:
        from woz.base.nearest import nearest

        if isinstance(action, argparse._SubParsersAction) and typed in self.instead:
            return self.instead[typed]
        near = nearest(typed, map(str, action.choices or ()))
        return f"did you mean {near}? {self.prog} --help lists all" if near else ""


class VerbParser(WordParser):
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
