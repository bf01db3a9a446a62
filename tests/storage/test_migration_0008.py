"""What the program of revision 0007 wrote: steps, states, words, questions and the log of edits go on as items."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from storage import Project
from storage.place import FILE, Place
from tests.storage.accounts import accounts
from tests.storage.examples import CLOCK, SID
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId, SchemeId, TranscriptId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, MISTAKE, STEPS
from woz.model.question import Question, QuestionKind, ReviewStatus
from woz.model.session import DataSetSource
from woz.model.tier import Tier, TierState
from woz.model.transcript import Term, Turn, Word

SEVENTH = Path(__file__).parent / "data" / "revision_0007.sql"
"""What the seventh revision's program wrote: two annotators, what they undid, a step that the procedure lost."""
STEPS_OF_CAKE = SchemeId("steps-cake")


def _fill(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(SEVENTH.read_text(encoding="utf-8"))


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[Project]:
    _fill(tmp_path / FILE)
    with Project.open(tmp_path, CLOCK) as project:
        yield project


@pytest.fixture
def on_a_server(tmp_path: Path, new_database: Callable[[], URL]) -> Iterator[Project]:
    """The same rows at the same revision on a server, and then brought up to date there."""
    url = new_database()
    _fill(tmp_path / "old.sqlite")
    (tmp_path / "p" / "sessions").mkdir(parents=True)
    _copy_at_its_revision(tmp_path / "old.sqlite", url)
    Place(tmp_path / "p", url).write()
    with Project.open(tmp_path / "p", CLOCK) as project:
        yield project


def _copy_at_its_revision(file: Path, url: URL) -> None:
    from storage.backends.copying import copy_rows
    from storage.backends.postgresql import PostgresqlBackend
    from storage.backends.sqlite import SqliteBackend

    source, target = SqliteBackend(file), PostgresqlBackend(url)
    try:
        copy_rows(source, target, lambda *_: None)
    finally:
        source.close()
        target.close()


@pytest.fixture(params=["in_a_file", "on_a_server"])
def migrated(request: pytest.FixtureRequest) -> Project:
    project: Project = request.getfixturevalue(request.param)
    return project


def _of(project: Project, item_id: str) -> Annotation:
    return next(i for i in project.annotations.load(SID) if isinstance(i, Annotation) and i.id == item_id)


def _who(project: Project) -> tuple[AnnotatorId, AnnotatorId]:
    first, second = project.annotators.all()
    assert (first.pseudonym, second.pseudonym) == ("annotator-1", "annotator-2")
    assert accounts(project) == {"jdoe": first.id, "alovelace": second.id}
    return first.id, second.id


def test_tiers_are_of_a_scheme_and_of_whoever_made_them(migrated: Project) -> None:
    jane, _ = _who(migrated)
    tiers = {item.id: item for item in migrated.annotations.load(SID) if isinstance(item, Tier)}
    live, own = tiers.pop("live"), tiers.pop("own")  # type: ignore[call-overload]
    assert (live.annotator_id, live.made.origin, live.made.by) == (None, Origin.LIVE, "woz")
    assert (live.scheme_id, live.scheme_version, live.tier_type) == (STEPS_OF_CAKE, 1, STEPS)
    assert (own.annotator_id, own.made.by, own.state) == (jane, jane, TierState.SUBMITTED)
    assert [tier.scheme_id for tier in tiers.values()] == [CONVERSATION.id]


def test_codebooks_are_schemes_with_the_labels_of_gone_steps(migrated: Project) -> None:
    assert migrated.schemes.get(CONVERSATION.id, 1) == CONVERSATION
    steps = migrated.schemes.get(STEPS_OF_CAKE, 1).tier_type(STEPS)
    assert [(label.id, label.name(), label.retired) for label in steps.labels] == [
        ("mix", "Mix", False),
        ("bake", "Bake", False),
        ("cool", "Cool", True),
    ]


def test_segments_are_annotations(migrated: Project) -> None:
    jane, _ = _who(migrated)
    at = CLOCK.utc_ns()
    by_woz, by_jane = Made(Origin.LIVE, "woz", at), Made(Origin.MANUAL, jane, at)
    first, second, own = (_of(migrated, name) for name in ("s1", "s2", "o1"))
    assert (first.interval, first.label, first.value(MISTAKE), first.made) == (
        Interval(NS_PER_S, 5 * NS_PER_S),
        "mix",
        None,
        by_woz,
    )
    assert (second.note, second.value(MISTAKE), second.made) == ("öfen", True, by_jane)
    assert (own.label, own.value(MISTAKE), own.made) == ("mix", True, by_jane)
    states = [
        item for item in migrated.annotations.load(SID) if isinstance(item, Annotation) and item.label == "none"
    ]
    assert states
    assert {state.made.origin for state in states} == {Origin.DERIVED}


def test_words_questions_and_terms_stay(migrated: Project) -> None:
    jane, _ = _who(migrated)
    turns = {turn.id: turn for turn in migrated.transcripts.turns(TranscriptId("transcript"))}
    assert set(turns) == {"t1", "t2"}
    assert turns["t2"].words[1] == Word('"red"', Interval(5 * NS_PER_S, 6 * NS_PER_S))  # type: ignore[index]
    assert [word.text for word in turns["t1"].words] == ["Which", "cup?"]  # type: ignore[index]
    originals = {turn.id: turn for turn in migrated.transcripts.originals(TranscriptId("transcript"))}
    assert originals["t1"].words[1].flag == "time spread"  # type: ignore[index]
    items = migrated.annotations.load(SID)
    [asked] = [item for item in items if isinstance(item, Question)]
    assert [wrong.text for wrong in asked.distractors] == ["The red one.", "None."]
    assert (asked.status, asked.at_ns, asked.kind) == (ReviewStatus.ACCEPTED, 3 * NS_PER_S, QuestionKind.ASKED)
    assert (asked.made.origin, asked.made.by) == (Origin.DERIVED, "woz")
    assert [item.text for item in items if isinstance(item, Term)] == ["whisk"]
    with migrated.database.snapshot() as rows:
        assert rows.execute(text("SELECT by, status FROM review")).all() == [(jane, "accepted")]
    assert migrated.sessions.get(SID).provenance == DataSetSource("Cakes 1.0", "CC BY 4.0")


def test_the_log_is_as_it_was_and_says_what_is_stored(migrated: Project) -> None:
    jane, other = _who(migrated)
    log = migrated.annotations.history(SID)
    assert [logged.by for logged in log] == ["woz"] * 2 + [jane] * 15 + [other, "woz speakers"]
    assert [(logged.id, logged.undoes) for logged in log if logged.undoes] == [(7, 6), (8, 7), (9, 8), (13, 12)]
    now = {ref_to(item): item for item in migrated.annotations.load(SID)}
    replayed: dict[ItemRef, Item | None] = {}
    for logged in log:
        for change in logged.changes:
            if change.item in replayed:
                assert change.before == replayed[change.item]
            replayed[change.item] = change.after
    assert {ref: item for ref, item in replayed.items() if item is not None} == now
    versions = migrated.annotations.versions(ItemRef("annotation", "s3"))
    labels = [v.after.label for v in versions if isinstance(v.after, Annotation)]
    assert labels == ["cool", "bake", "cool", "bake", "cool"]
    assert all("jdoe" not in json.dumps(str(logged)) for logged in log)


def test_old_edits_can_be_undone_one_after_the_other(migrated: Project) -> None:
    jane, _ = _who(migrated)
    undone = [migrated.annotations.undo(SID, jane) for _ in range(4)]
    assert [u.name for u in undone if u] == ["New term", "Delete turn", "Change text", "Accept"]
    assert {turn.id for turn in migrated.annotations.load(SID) if isinstance(turn, Turn)} == {"t1", "t2", "t3"}
    assert migrated.annotations.undo_names(SID, jane) == ("New segment", "Accept")
    with pytest.raises(WozError, match="is submitted; take it back into work first"):
        migrated.annotations.undo(SID, jane)
