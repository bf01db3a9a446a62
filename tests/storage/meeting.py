"""Two who act on one project at the same moment, the second as soon as the first has looked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from storage import Project
from woz.base.errors import WozError


def met(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    looks: tuple[object, str],
    first: Callable[[], object],
    second: Callable[[], object],
) -> list[str]:
    """What either is refused.

    Once `first` has called what `looks` names, an object and its method, `second` runs on a thread of its own to
    its end, or until it wants the project for itself; then `first` goes on.
    """
    refused: list[str] = []
    waits = threading.Event()
    (where, name), at_once = looks, project.at_once
    look = getattr(where, name)

    def tried(act: Callable[[], object]) -> None:
        try:
            act()
        except WozError as error:
            refused.append(str(error))

    def beside() -> None:
        try:
            tried(second)
        finally:
            waits.set()

    other = threading.Thread(target=beside)

    def looked(*given: object) -> object:
        found = look(*given)
        if other.ident is None:
            other.start()
            waits.wait()
        return found

    def alone() -> AbstractContextManager[None]:
        if threading.current_thread() is other:
            waits.set()
        return at_once()

    with monkeypatch.context() as patched:
        patched.setattr(where, name, looked)
        patched.setattr(project, "at_once", alone)
        tried(first)
        other.join()
    return refused
