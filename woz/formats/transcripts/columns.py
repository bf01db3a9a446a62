"""NIST's files of columns: a line an item, in it the name of the recording; comments after two semicolons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.formats.bundle import SessionBundle
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.formats.reading import nanoseconds as nanoseconds_of
from woz.formats.transcripts.kept import BEFORE, OF, Keeping, Kept, kept_in, kept_scheme
from woz.formats.transcripts.names import with_blanks, without_blanks
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.scheme import Scheme
from woz.model.transcript import Turn

COMMENT = ";;"
MOST_WAITING = 100_000
"""So many lines that are no turns may stand before a turn."""
MOST_STRANGE = 100
"""After so many lines of no known kind, and none of a known one, a file is of another format."""


def line_scheme(key: str, name: str) -> Scheme:
    return kept_scheme(key, name, ("text",))


def decimal(ns: int) -> str:
    """Seconds with three decimal places, or as many as it takes."""
    whole, rest = divmod(abs(ns), NS_PER_S)
    places = f"{rest:09d}".rstrip("0").ljust(3, "0")
    return f"{'-' if ns < 0 else ''}{whole}.{places}"


def ns_of(text: str) -> int:
    """Raises ValueError for no number of seconds."""
    try:
        return nanoseconds_of(text)
    except ArithmeticError as error:
        raise ValueError(f"{text} is no number") from error


@dataclass(slots=True)
class Sessions:
    """Parts of a file's sessions; lines of one recording stand together."""

    reading: Reading
    scheme: Scheme
    key: str | None = None
    transcript_id: TranscriptId = field(default_factory=lambda: TranscriptId(""))
    _keeping: Keeping | None = None
    _known: set[str] = field(default_factory=set)
    _waiting: list[Kept] = field(default_factory=list)

    def of(self, field_text: str) -> Iterator[Part]:
        """Begins the session of a recording unless it goes on. Raises WozError for one that had ended."""
        if field_text == self.key:
            return
        yield from self.end()
        if field_text in self._known:
            name = field_text[:60]
            raise WozError(f"{self.reading.path} has lines of {name} in several places; sort it by recording.")
        self.key = field_text
        self._known.add(field_text)
        session_id = SessionId(self.reading.new_id())
        self.transcript_id = TranscriptId(self.reading.new_id())
        self._keeping = Keeping(self.reading, session_id, self.scheme)
        name = with_blanks(field_text)
        yield Begin(name, session_id, self.transcript_id, name, (self.scheme,), language=self.reading.language)

    def wait(self, label: str, line: str) -> None:
        """Keeps a line for before the next turn."""
        self._waiting.append(Kept(label, {"text": line}))
        if len(self._waiting) > MOST_WAITING:
            raise WozError(f"{self.reading.path} has {MOST_WAITING} lines without a turn; it is no such file.")

    def turn(self, turn: Turn, line: str = "") -> Iterator[Part]:
        """The turn, what waited for it, and its line where that says more than the turn."""
        assert self._keeping is not None
        yield turn
        for kept in self._waiting:
            yield from self._keeping.keep(kept, BEFORE, turn.id)
        self._waiting = []
        if line:
            yield from self._keeping.keep(Kept("line", {"text": line}), OF, turn.id)

    def new_turn_id(self) -> TurnId:
        return TurnId(self.reading.new_id())

    def end(self) -> Iterator[Part]:
        """What waits still is of the session that ends; before the first it waits for that one."""
        if self._keeping:
            for kept in self._waiting:
                yield from self._keeping.keep(kept)
            self._waiting = []


def demand_lines(reading: Reading, lines: int, what: str) -> None:
    """Raises WozError for a file without a single line of its kind."""
    if not lines:
        raise WozError(f"{reading.path} is no {what}: none of its lines is one.")


def recording_name(bundle: SessionBundle) -> str:
    return without_blanks(bundle.session.id)


def lines_of(
    bundle: SessionBundle,
    key: str,
    place: int,
    own: Callable[[Turn, str], str],
    came: Callable[[str, Turn], Turn | None],
) -> Iterable[str]:
    """The turns' lines, with those that were kept. `place` is the column of the recording's name; `own` makes a
    turn's line with that name, `came` the turn that a kept line said: it leaves again where nothing changed since.
    """
    kept, name = kept_in(bundle, key), recording_name(bundle)
    for turn in bundle.turns:
        yield from _renamed(kept.before.get(turn.id, ()), place, name)
        line = kept.of.get(turn.id)
        before = came(line.texts.get("text", ""), turn) if line else None
        if line and before and own(before, name) == own(turn, name):
            yield from _renamed((line,), place, name)
        else:
            yield own(turn, name) + "\n"
    yield from _renamed(kept.rest, place, name)


def _renamed(lines: Iterable[Kept], place: int, name: str) -> Iterator[str]:
    for each in lines:
        text = each.texts.get("text", "")
        fields = text.split(maxsplit=place + 1)
        if not text.startswith(COMMENT) and len(fields) > place:
            fields[place] = name
            text = " ".join(fields)
        yield f"{text}\n"


def finite(text: str) -> float:
    """Raises ValueError for what is no number."""
    number = float(text)
    if not abs(number) < float("inf"):
        raise ValueError(f"{text} is no number")
    return number


def lost_lines(count: int) -> Iterator[Part]:
    if count:
        yield Lost("lines that can't be read", count)


@dataclass(frozen=True, slots=True)
class Columns:
    """A format of a line a turn. `name` is what people call a file of it, `recording` the column that names the
    recording; a line is split into `splits` + 1 columns at most. `read` makes a line's parts of it.
    """

    name: str
    recording: int
    splits: int
    is_line: Callable[[list[str]], bool]
    read: Callable[[Sessions, list[str], str], Iterator[Part]]


def read_columns(reading: Reading, sessions: Sessions, columns: Columns) -> Iterator[Part]:
    """The lines, with comments kept. Raises WozError where none is of the format."""
    read = lost = 0
    for line in reading.lines():
        fields = line.split(maxsplit=columns.splits)
        if not fields:
            continue
        if line.startswith(COMMENT):
            sessions.wait("comment", line)
        elif not columns.is_line(fields):
            lost += 1
            if not read and lost > MOST_STRANGE:
                break
        else:
            read += 1
            yield from sessions.of(fields[columns.recording])
            yield from columns.read(sessions, fields, line)
    demand_lines(reading, read, columns.name)
    yield from sessions.end()
    yield from lost_lines(lost)
