"""The releases that were built from the project, with a lamp where a session of one could not go out today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from storage import Project
from ui.application.background import waited
from ui.home.listing import Listing
from ui.theme import GRID
from ui.widgets.parts import label
from woz.base.clock import Clock
from woz.lab.people import ReleaseLine, release_lines
from woz.lab.session_names import known_as
from woz.model.ids import SessionId
from woz.model.plan import day_of

HEADERS = ("Release", "Built", "Sessions", "Where", "Consents")
TOLD = "What was handed out stays so: ask back a release with a ⚠; the next version leaves these sessions out."


class ReleasedPage(QWidget):
    def __init__(self, project: Project, clock: Clock) -> None:
        super().__init__()
        self._project, self._clock = project, clock
        self._lines: dict[str, ReleaseLine] = {}
        self._sessions: Mapping[SessionId, str] = {}
        self.list = Listing("Releases", HEADERS, 3)
        self.list.itemSelectionChanged.connect(self._show)
        self.why = QTextBrowser()
        self.why.setAccessibleName("What speaks against it")
        self.why.setMaximumHeight(160)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        for widget in (label(TOLD, "muted", wrap=True), self.list, self.why):
            layout.addWidget(widget)

    def look(self) -> None:
        project, now = self._project, self._clock.utc_ns()
        found, self._sessions = waited(lambda: (release_lines(project, now), known_as(project)))
        names = _names(found)
        self._lines = dict(zip(names, found, strict=True))
        self.list.fill([(name, *_cells(line)) for name, line in self._lines.items()])
        self._show()

    def _show(self) -> None:
        line = self._lines.get(self.list.chosen)
        if line is None:
            self.why.setPlainText("No release was built from this project yet; woz release build makes one.")
        elif line.against:
            self.why.setPlainText("\n".join(self._against(*each) for each in line.against.items()))
        else:
            self.why.setPlainText("All its sessions could be released today.")

    def _against(self, session: str, why: str) -> str:
        name = self._sessions.get(SessionId(session))
        return f"{name} ({session}): {why}" if name else f"{session}: {why}"


def _names(lines: Sequence[ReleaseLine]) -> list[str]:
    """Each once: those that lie in several places are told apart by a number, the oldest without one."""
    found: list[str] = []
    built = Counter[str]()
    for line in reversed(lines):
        name = f"{line.released.name} {line.released.version}"
        built[name] += 1
        found.append(name if built[name] == 1 else f"{name} ({built[name]})")
    return found[::-1]


def _cells(line: ReleaseLine) -> tuple[str, ...]:
    one, lamp = line.released, f"⚠ {len(line.against)} may not go out" if line.against else "✓"
    return day_of(one.made_utc_ns), str(len(one.sessions)), one.path, lamp
