"""Annotations taken in from a file: all of it in one edit, or nothing; over both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats import registry
from woz.formats.format import Format
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Reading
from woz.lab.annotation_import import ImportedAnnotations, Wanted, import_annotations
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, LinkId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ref_to
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.scheme import Label, Overlap, Scheme, Shape, TierType
from woz.model.tier import Tier
from woz.model.transcript import Turn

HERE, SPOKEN = SessionId("read"), TranscriptId("read")
TYPES = (
    TierType("acts", shape=Shape.ANY, labels=(Label(LabelId("a"), "a"),)),
    TierType("free", overlap=Overlap.ANY, labels=(Label(LabelId("a"), "a"),)),
)
SCHEME = Scheme(SchemeId("lines"), "Lines", 7, TYPES)


def _lines(reading: Reading) -> Iterator[Part]:
    """A format for this test: `session NAME`, `tier NAME`, and `start end` of an annotation in ms, `say TEXT`."""
    tier = last = None
    for line in reading.lines():
        word, _, rest = line.partition(" ")
        if word == "session":
            yield Begin(rest, HERE, SPOKEN, schemes=(SCHEME,), language="en")
        elif word == "tier":
            key = TierId(reading.new_id())
            tier = Tier(key, HERE, SCHEME.id, SCHEME.version, rest, rest, reading.made)
            yield tier
        elif word == "say":
            yield Turn(TurnId(reading.new_id()), SPOKEN, Role.EXPERT, Interval(0, 10**9), rest)
        elif word == "odd":
            yield Lost("odd lines")
        elif word == "link" and last:
            yield Link(LinkId(reading.new_id()), HERE, "after", ref_to(last), ref_to(last), reading.made)
        else:
            if not word.isdigit():
                raise WozError(f"{reading.path} has a line that is no annotation: {line}.")
            assert tier
            end = int(rest) * 10**6 if rest else None
            last = Annotation(AnnotationId(reading.new_id()), tier.id, int(word) * 10**6, end, "a", reading.made)
            yield last


@pytest.fixture(autouse=True)
def _format(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Format("lines", "lines", "lines", (), (), "here", read=_lines)
    monkeypatch.setattr(registry, "all_formats", lambda: {"lines": made})


def _take(project: Project, text: str, session: str = "", key: str = "") -> ImportedAnnotations:
    path = project.path / "some.lines"
    path.write_text(text)
    return import_annotations(project, Wanted(path, "lines", session, key), CLOCK)


def test_a_new_session_holds_all_of_it(project: Project) -> None:
    done = _take(project, "session one\ntier acts\n1000 2000\n2000\nlink\nsay hello\nodd\nodd\n")
    (taken,) = done.sessions
    assert (taken.new, taken.key, taken.annotations, taken.points, taken.links, taken.turns) == (
        True,
        "one",
        2,
        1,
        1,
        1,
    )
    assert done.lost == {"odd lines": 2}
    session = project.sessions.get(taken.session)
    assert (session.title, session.duration_ns) == ("one", 2 * 10**9)
    items = project.annotations.load(taken.session)
    assert sorted(type(item).__name__ for item in items) == ["Annotation", "Annotation", "Link", "Tier", "Turn"]
    (tier,) = (item for item in items if isinstance(item, Tier))
    assert (tier.session_id, tier.scheme_version, tier.made.origin) == (taken.session, 1, Origin.IMPORTED)
    (transcript,) = project.transcripts.of_session(taken.session)
    assert [turn.text for turn in project.transcripts.originals(transcript.id)] == ["hello"]


def test_it_is_one_edit_that_can_be_taken_back(project: Project) -> None:
    taken = _take(project, "session one\ntier acts\n1000 2000\n3000 4000\n").sessions[0].session
    (edit,) = project.annotations.history(taken)
    assert (edit.name, len(edit.changes)) == ("Import some.lines", 3)
    project.annotations.take_back(taken, "woz", edit.id)
    assert project.annotations.load(taken) == ()


def test_more_than_is_held_at_once(project: Project) -> None:
    lines = "".join(f"{i} {i + 1}\n" for i in range(5000))
    taken = _take(project, f"session one\ntier acts\n{lines}", SESSION.id).sessions[0]
    assert (taken.session, taken.new, taken.annotations) == (SESSION.id, False, 5000)
    (edit,) = (each for each in project.annotations.history(SESSION.id) if each.name == "Import some.lines")
    assert len(edit.changes) == 5001


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("session one\ntier acts\n1000 2000\nsession two\ntier acts\n1000 2000\nbroken", "no annotation: broken"),
        ("session one\ntier acts\n1000 2000\n1500 2500\n", "overlap"),
        ("session one\n", "no annotations and no turns"),
        ("", "no annotations and no turns"),
    ],
)
def test_nothing_is_half_imported(project: Project, text: str, words: str) -> None:
    before = project.sessions.all(), project.schemes.all()
    with pytest.raises(WozError, match=words):
        _take(project, text)
    assert (project.sessions.all(), project.schemes.all()) == before


def test_where_the_type_allows_it_intervals_overlap(project: Project) -> None:
    assert _take(project, "session one\ntier free\n1000 2000\n1500 2500\n").sessions[0].annotations == 2


def test_one_of_several_sessions(project: Project) -> None:
    text = "session one\ntier acts\n1000 2000\nsession two\ntier acts\n1000 2000\n3000 4000\n"
    assert [each.key for each in _take(project, text).sessions] == ["one", "two"]
    (taken,) = _take(project, text, SESSION.id, "two").sessions
    assert (taken.session, taken.annotations) == (SESSION.id, 2)
    with pytest.raises(WozError, match="several sessions, one and two"):
        _take(project, text, SESSION.id)
    with pytest.raises(WozError, match="no session 'three'"):
        _take(project, text, key="three")


def test_a_scheme_or_a_session_that_is_not_there(project: Project) -> None:
    with pytest.raises(WozError, match="no session nowhere"):
        _take(project, "session one\ntier acts\n1 2\n", "nowhere")
    path = project.path / "some.lines"
    with pytest.raises(WozError, match="no scheme 'other'"):
        import_annotations(project, Wanted(path, "lines", scheme="other"), CLOCK)
