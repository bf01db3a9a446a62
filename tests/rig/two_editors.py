"""Two processes edit one session at random at the same time, each in a document that follows the other.

`python -m tests.rig.two_editors --edits 1000`, with `--database postgresql` on a server of its own. In the end both
documents show what the database holds, and each edit that was told as stored is in the log.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import queue
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from storage import Project
from tests.rig.postgresql import running, server_or_fail
from tests.rig.random_edits import SID, begin, random_edit
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.ports import History
from woz.annotation.writing import Background
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.item import ItemRef, kind_of
from woz.model.item_json import to_json
from woz.model.kinds import Item

NAMES = ("ada", "ben")
Told = dict[str, object]
L = TypeVar("L", bound=LoggedEdit | None)


def edit_together(folder: Path, edits: int, seed: int, database: str = "") -> list[str]:
    """What is wrong in the end; empty where nothing is. `database` is a server's address; a file without."""
    begin(folder, database)
    command = [sys.executable, "-m", "tests.rig.two_editors", "--folder", str(folder), "--edits", str(edits // 2)]
    children = [
        subprocess.Popen(
            [*command, "--seed", str(seed + n), "--by", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n, name in enumerate(NAMES)
    ]
    done = [_told(child) for child in children]
    shown = [_told(child, "show\n")["items"] for child in children]
    for child in children:
        child.communicate()
    with Project.open(folder, SystemClock()) as project:
        stored = _plain(project.annotations.load(SID))
        log = project.annotations.history(SID)
    wrong = [f"{name} shows something else" for name, items in zip(NAMES, shown, strict=True) if items != stored]
    for name, said in zip(NAMES, done, strict=True):
        kept = [logged.id for logged in log if logged.by == name]
        if said["kept"] != kept:
            wrong.append(f"{name} was told of other edits than the log has of theirs: {said['kept']}, {kept}")
        print(f"{name}: {len(kept)} edits kept, {said['refused']} refused in favour of the other", file=sys.stderr)
    return wrong


def _told(child: subprocess.Popen[str], say: str = "") -> Told:
    assert child.stdin
    assert child.stdout
    child.stdin.write(say)
    child.stdin.flush()
    said: Told = json.loads(child.stdout.readline())
    return said


def _plain(items: tuple[Item, ...]) -> list[str]:
    return sorted(f"{kind_of(item).name} {to_json(item)}" for item in items)


class _Noting:
    """A history that notes which edits it told as stored."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.kept: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def record(self, session_id: SessionId, edit: Edit, by: str, undoes: int | None = None) -> LoggedEdit:
        return self._noted(self._history.record(session_id, edit, by, undoes))

    def undo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._noted(self._history.undo(session_id, by, of))

    def redo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        return self._noted(self._history.redo(session_id, by, of))

    def _noted(self, logged: L) -> L:
        if isinstance(logged, LoggedEdit):
            self.kept.append(logged.id)
        return logged


class _Editor:
    """A document, and a window's thread that is this one."""

    def __init__(self, project: Project, by: str) -> None:
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.refused = 0
        self.history = _Noting(project.annotations)
        self._executor = Background(Supervisor(), self._posted.put)
        opened = project.annotations.open(SID, by)
        noting = cast(History, self.history)
        self.document = Document(SID, opened, noting, by, self._executor, self._take_refusal)

    def work_off(self) -> None:
        """What was posted, until all is stored."""
        while not self.document.saved:
            self._posted.get()()
        self.settle()

    def settle(self) -> None:
        """What was asked of the executor is done before what is asked now."""
        marks: list[bool] = []
        self._executor.submit(lambda: True, marks.append, lambda error: marks.append(False))
        while not marks:
            self._posted.get()()

    def pass_on(self) -> None:
        while not self._posted.empty():
            self._posted.get()()

    def _take_refusal(self, error: WozError) -> None:
        self.refused += 1


def _edit(project: Project, by: str, edits: int, chance: random.Random) -> None:
    editor = _Editor(project, by)
    document = editor.document
    for _ in range(edits):
        verb = chance.choice(["edit"] * 6 + ["undo", "redo"])
        if verb == "edit":
            _apply(editor, chance, by)
        else:
            document.undo() if verb == "undo" else document.redo()
        if chance.random() < 0.3:
            document.follow()
        if chance.random() < 0.5:
            editor.work_off()
        editor.pass_on()
    editor.work_off()
    refused = editor.refused + len(document.disputes)
    print(json.dumps({"kept": editor.history.kept, "refused": refused}), flush=True)
    sys.stdin.readline()
    document.follow()
    editor.settle()
    print(json.dumps({"items": _plain(document.items)}), flush=True)
    document.close()


def _apply(editor: _Editor, chance: random.Random, by: str) -> None:
    marked = [item for item in editor.document.items if isinstance(item, Annotation)]
    try:
        editor.document.apply(random_edit(marked, chance, by))
    except WozError:
        editor.refused += 1


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    """The address of an empty database on a server of its own; empty for a file."""
    if kind == "sqlite":
        yield ""
        return
    with running(server_or_fail()) as server:
        server.run("CREATE DATABASE {}", "two_editors")
        yield server.url("two_editors").render_as_string()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--by", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        with Project.open(options.folder, SystemClock()) as project:
            _edit(project, options.by, options.edits, random.Random(options.seed))
        return
    with tempfile.TemporaryDirectory() as folder, _database(options.database) as url:
        wrong = edit_together(Path(folder) / "project", options.edits, options.seed, url)
    print("\n".join(wrong) or "both show what is stored, and nothing was lost")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
