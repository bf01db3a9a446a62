"""The table by which many sessions come in at once: its columns, and from a row to what is to be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.formats.csv_text import csv_lines, csv_rows
from woz.formats.reading import Reading
from woz.lab.media_import import MediaOptions
from woz.lab.planning import PlanOptions
from woz.model.plan import protocol_named, shipped_protocol
from woz.privacy.consent import provenance_of

COLUMNS = {
    "view": "the video or VRS recording; paths count from the table's folder",
    "trainee_voice": "a voice recorded apart",
    "expert_voice": "a voice recorded apart",
    "trainee_offset": "where that voice begins in the view, in seconds; by its sound where empty",
    "expert_offset": "the same of the expert's",
    "id": "the session's; made from its start where empty",
    "title": "the procedure's name where empty",
    "start": "when it began, 2026-03-01T14:30:00Z; as the file says where empty",
    "procedure": "its name",
    "steps": "a file of the procedure, or of its steps, one a line, where the project doesn't know it",
    "scenario": "what the session is about",
    "protocol": "proactive, on-demand, or a text file",
    "protocol_version": "of a text file",
    "place": "where it was recorded, by a code",
    "trainee": "P07, or P07,skill=3,languages=en+it",
    "trainee_consents": "privacy=2.1@2026-03-01; recording=2.1@2026-03-01",
    "expert": "E01, as the trainee",
    "expert_consents": "as the trainee's",
    "others": "further people, with ; between them",
    "source": "the published data set that it is of",
    "licence": "the data set's",
}
"""By name, what stands in it. Only `view` must be there; the order is free."""
REMARK = "#"
EXAMPLE = {
    "view": "recordings/GX010042.mp4",
    "trainee_voice": "recordings/P07.wav",
    "procedure": "Cargo bike",
    "steps": "cargo_bike.txt",
    "place": "workshop 2",
    "start": "2026-03-01T14:30:00Z",
    "trainee": "P07,skill=3,languages=en",
    "trainee_consents": "privacy=2.1@2026-03-01; recording=2.1@2026-03-01",
    "expert": "E01",
    "expert_consents": "privacy=2.1@2026-02-11; recording=2.1@2026-02-11",
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """`number` counts the table's lines from 1, which is the header; `cells` are without spaces around them."""

    number: int
    cells: Mapping[str, str]
    folder: Path
    too_long: bool = False

    @property
    def view(self) -> Path:
        """Raises WozError where none is given."""
        if not self.cells.get("view"):
            raise WozError("The column view is empty; write the recording's path there.")
        return self.folder / self.cells["view"]

    def options(self) -> MediaOptions:
        """Raises WozError for what can't be understood."""
        if self.too_long:
            raise WozError("The row has more cells than the header; a cell with the delimiter in it needs quotes.")
        cell = self._cell
        return MediaOptions(
            self.view,
            self._path("trainee_voice"),
            self._path("expert_voice"),
            self._offsets(),
            session_id=cell("id"),
            start=cell("start"),
            plan=self._plan(),
            provenance=provenance_of(cell("source"), cell("licence")),
            title=cell("title"),
            place=cell("place"),
        )

    def _plan(self) -> PlanOptions:
        cell = self._cell
        return PlanOptions(
            procedure=cell("procedure"),
            steps=self._path("steps"),
            scenario=cell("scenario"),
            protocol=self._protocol(),
            protocol_version=cell("protocol_version"),
            trainee=self._person("trainee"),
            expert=self._person("expert"),
            others=tuple(name for each in cell("others").split(";") if (name := each.strip())),
        )

    def _cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def _path(self, column: str) -> Path | None:
        return self.folder / self._cell(column) if self._cell(column) else None

    def _offsets(self) -> tuple[str, ...]:
        given = {role: self._cell(f"{role}_offset") for role in ("trainee", "expert")}
        return tuple(f"{role}={number}" for role, number in given.items() if number)

    def _person(self, role: str) -> str:
        """In the station's form. Raises WozError for consents of nobody."""
        person, consents = self._cell(role), self._cell(f"{role}_consents")
        if consents and not person:
            raise WozError(f"{role}_consents are given, and the column {role} is empty; write whose they are.")
        given = [each.strip() for each in consents.replace(",", ";").split(";")]
        return ",".join([person, *filter(None, given)]) if person else ""

    def _protocol(self) -> str:
        """A file counts from the table's folder, too."""
        name, version = self._cell("protocol"), self._cell("protocol_version")
        if not name or shipped_protocol(name):
            return name
        path = str(self.folder / name)
        protocol_named(path, version)
        return path


def read_table(path: Path) -> list[TableRow]:
    """All rows but empty ones and remarks, which begin with #.

    CSV with commas, semicolons or tabs, in UTF-8 or UTF-16. Raises WozError for what is no such table.
    """
    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        raise WozError(f"{path} is a spreadsheet; save it as CSV (UTF-8) and import that.")
    rows = csv_rows(Reading(path))
    header = next(rows, None)
    if header is None:
        raise WozError(f"{path} is empty; write a table to fill in with --template.")
    names = _names(path, header[1])
    found = [_row(number, names, cells, path.parent) for number, cells in rows if not _is_remark(cells)]
    if not found:
        raise WozError(f"{path} has a header and no row; fill one in for each session.")
    return found


def template_lines() -> Iterator[str]:
    """A table to fill in: the columns, and as remarks what stands in each, and an example."""
    names = list(COLUMNS)
    words = [COLUMNS[name] for name in names]
    example = [EXAMPLE.get(name, "") for name in names]
    return csv_lines(names, [[f"{REMARK} {words[0]}", *words[1:]], [f"{REMARK} {example[0]}", *example[1:]]])


def _names(path: Path, header: list[str]) -> list[str]:
    """Raises WozError for columns that are unknown, there twice, or missing."""
    names = [name.strip().lower().replace(" ", "_") for name in header]
    if strange := [name for name in names if name and name not in COLUMNS]:
        raise WozError(f"{path} has a column {strange[0]!r}, which isn't known; there are {', '.join(COLUMNS)}.")
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise WozError(f"{path} has the column {twice[0]} twice; take one of both out.")
    if "view" not in names:
        raise WozError(f"{path} has no column view; name the column of the recordings so.")
    return names


def _is_remark(cells: list[str]) -> bool:
    return cells[0].lstrip().startswith(REMARK) or not any(cell.strip() for cell in cells)


def _row(number: int, names: list[str], cells: list[str], folder: Path) -> TableRow:
    named = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
    return TableRow(number, named, folder, any(cell.strip() for cell in cells[len(names) :]))
