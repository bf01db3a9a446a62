"""The library: columns, facets, a lamp for a missing consent, and words found in all sessions."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QTableWidget, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from ui.application.background import waited
from ui.home.columns import COLUMNS, SessionLine, consent_words
from ui.home.facets import FACETS
from ui.home.progress_dialog import LABEL, ProgressDialog, free_place, months_between
from ui.home.run import Home
from ui.home.search_dialog import SearchDialog, context_html, write_list
from ui.home.session_lines import session_lines
from ui.home.sessions import SessionTable
from ui.home.window import HomeWindow
from ui.theme import colours
from woz.lab.annotators import add_annotator, blind
from woz.lab.library import SessionFacts, TierFact
from woz.lab.on_disk import OnDisk, on_disk
from woz.lab.progress import STAGES, PersonProgress, Progress, progress_words
from woz.lab.search import Found, Hit, Line
from woz.lab.searching import seekers_of
from woz.lab.taking_in import take_in_turns
from woz.model.annotator import BlindTo
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.session import Session, SessionState
from woz.model.tier import TierState
from woz.recording.check.verdict import Checked, Verdict, keep_verdict
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder


def _line(
    name: str, lacking: tuple[str, ...] = (), state: TierState = TierState.IN_WORK, place: str = ""
) -> SessionLine:
    session = Session(SessionId(name), name, SessionState.CLOSED, 5, 10**9, place=place)
    tier = TierFact(f"{name}-t", "steps", state, "ada")
    facts = SessionFacts(session, people=("P01",), lacking=lacking, tiers=(tier,))
    return SessionLine(session.id, name, session.state, 5, 10**9, "P01", facts=facts)


LINES = [
    _line("a", place="kitchen"),
    _line("b", ("P01",), TierState.SUBMITTED, "kitchen"),
    _line("c", (), TierState.SUBMITTED, "workshop"),
]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> HomeWindow:
    made = HomeWindow(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(made)
    made.show_project("Lab", LINES)
    made.show()
    return made


def _shown(window: HomeWindow) -> set[str]:
    model = window._table.model()
    return {str(model.index(at, 0).data()) for at in range(model.rowCount())}


def _tick(
    window: HomeWindow,
    facet: str,
    value: str,
    state: Qt.CheckState = Qt.CheckState.Checked,
    count: str = "",
) -> None:
    entries = QTreeWidgetItemIterator(window._facets)
    while item := entries.value():
        parent = item.parent()
        if parent is not None and parent.text(0) == facet and item.text(0).startswith(value):
            assert count in ("", item.text(1))
            item.setCheckState(0, state)
            return
        entries += 1
    raise AssertionError(f"no {value} under {facet}")


def test_a_title_that_is_cut_is_told_by_the_pointer(window: HomeWindow) -> None:
    at = [column.key for column in COLUMNS].index("title")
    index = window._table.model().index(0, at)
    assert index.data(Qt.ItemDataRole.ToolTipRole) == index.data()


def test_a_long_value_of_a_facet_is_broken_into_two_lines(window: HomeWindow) -> None:
    where = "the kitchen on the second floor, by the window that looks to the north"
    window.show_project("Lab", [*LINES, _line("d", place=where)])
    entries, heights = QTreeWidgetItemIterator(window._facets), dict[str, int]()
    while item := entries.value():
        heights[item.text(0)] = window._facets.visualItemRect(item).height()
        entries += 1
    assert heights[where] > heights["workshop"] + window._facets.fontMetrics().height() // 2


def test_facets_count_and_narrow(window: HomeWindow) -> None:
    _tick(window, "Annotation", "steps: submitted", count="2")
    assert _shown(window) == {"b", "c"}
    _tick(window, "Place", "kitchen", count="2")
    assert _shown(window) == {"b"}
    window.show_project("Lab", [*LINES, _line("d", (), TierState.SUBMITTED, "kitchen")])
    assert _shown(window) == {"b", "d"}
    _tick(window, "Annotation", "steps: submitted", Qt.CheckState.Unchecked)
    assert _shown(window) == {"a", "b", "d"}
    window._facets.clear_choice()
    assert _shown(window) == {"a", "b", "c", "d"}


def _column(key: str) -> int:
    return [each.key for each in COLUMNS].index(key)


def test_size_and_verdict_sort_by_value_and_the_selection_stays(window: HomeWindow) -> None:
    disk = [
        OnDisk(900, Checked(Verdict.GOOD, 31.0, 5, "")),
        OnDisk(20_000, Checked(Verdict.BAD, 120.0, 5, "")),
        OnDisk(3_000_000),
    ]
    lines = [replace(line, disk=each) for line, each in zip(LINES, disk, strict=True)]
    window._select([SessionId("b")])
    window.show_project("Lab", lines)
    assert window.selected == "b"
    for key, texts in (
        ("size", ["900 bytes", "20 kB", "3.0 MB"]),
        ("sync", ["–", "good, 31 ms", "bad, 120 ms"]),
    ):
        window._table.sortByColumn(_column(key), Qt.SortOrder.AscendingOrder)
        model = window._table.model()
        assert [model.index(at, _column(key)).data() for at in range(3)] == texts
        assert window.selected == "b"
    _tick(window, "Sync check", "bad", count="1")
    assert _shown(window) == {"b"}


def test_consents_say_whose_which_and_until_when(window: HomeWindow) -> None:
    facts = LINES[0].facts
    assert facts
    day = 86_400 * 10**9
    given = (("P01", ConsentKind.PRIVACY, day, None), ("P01", ConsentKind.RELEASE, day, 2 * day))
    window.show_project("Lab", [replace(LINES[0], facts=replace(facts, consents=given)), LINES[1]])
    index = window._model.index(0, _column("agreed"))
    assert index.data() == "P01: privacy, release until 1970-01-03"
    assert "public release" in index.data(Qt.ItemDataRole.ToolTipRole)
    window._table.sortByColumn(_column("agreed"), Qt.SortOrder.AscendingOrder)
    assert window._table.model().index(0, 0).data() == "a"


def test_a_check_is_told_until_the_recording_changes(tmp_path: Path) -> None:
    folder = SessionFolder(tmp_path / SID)
    folder.path.mkdir()
    manifest = Manifest(SID, SessionState.CLOSED, 5)
    manifest.save(folder.manifest_path)
    assert on_disk(tmp_path, [SID, SessionId("nowhere")]).keys() == {SID}
    keep_verdict(folder, Verdict.DOUBTFUL, None, 7)
    found = on_disk(tmp_path, [SID])[SID]
    assert found.checked is not None
    assert (found.checked.verdict, found.checked.worst_ms, found.checked.utc_ns) == (Verdict.DOUBTFUL, None, 7)
    assert found.bytes == sum(path.stat().st_size for path in folder.path.rglob("*.json"))
    replace(manifest, duration_ns=9).save(folder.manifest_path)
    assert on_disk(tmp_path, [SID])[SID].checked is None
    folder.verdict.write_text("{")
    assert on_disk(tmp_path, [SID])[SID].checked is None


def test_a_missing_consent_is_told_in_red(window: HomeWindow) -> None:
    column = [each.key for each in COLUMNS].index("consents")
    model = window._model
    texts = [model.index(at, column).data() for at in range(3)]
    assert texts == ["given", "⚠ missing: P01", "given"]
    shades = [model.index(at, column).data(Qt.ItemDataRole.ForegroundRole) for at in range(3)]
    assert shades == [None, colours().of("danger"), None]


@pytest.mark.usefixtures("qapp")
def test_a_consent_that_has_ended_is_told_and_can_be_chosen(tmp_path: Path) -> None:
    """Of each kind the newest counts."""
    over = Consent(ConsentKind.RECORDING, "1", 1, 5)
    people = [
        Participant(ParticipantId("p"), "P01", Role.TRAINEE, (Consent(ConsentKind.PRIVACY, "1", 1), over)),
        Participant(ParticipantId("e"), "E01", Role.EXPERT, (over, Consent(ConsentKind.RECORDING, "2", 2))),
    ]
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        for person in people:
            project.participants.save(person)
        project.sessions.save(replace(SESSION, participants=tuple(person.id for person in people)))
        [line] = waited(partial(session_lines, project))
    assert line.facts is not None
    assert (line.facts.ended(4), line.facts.ended(5)) == ((), ("P01",))
    assert line.ended == ("P01",)
    assert consent_words(line) == "⚠ missing: E01; ended: P01"
    assert list(FACETS["Consents"](line)) == ["missing", "ended"]
    agreed = replace(line, facts=replace(line.facts, lacking=()))
    assert consent_words(agreed) == "⚠ ended: P01"
    assert list(FACETS["Consents"](agreed)) == ["ended"]
    table, column = SessionTable([agreed]), [each.key for each in COLUMNS].index("consents")
    assert table.index(0, column).data(Qt.ItemDataRole.ForegroundRole) == colours().of("danger")


def test_columns_and_views_are_kept(window: HomeWindow, qtbot: QtBot) -> None:
    window._columns.show_columns(["title", "place"])
    window._table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    window._columns.save_view("places")
    window._columns.show_columns(["started", "touched"])
    again = HomeWindow(window._settings)
    qtbot.addWidget(again)
    assert again._columns.shown == ["title", "started", "touched"]
    again._columns.show_view("places")
    assert again._columns.shown == ["title", "place"]
    header = again._table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (0, Qt.SortOrder.DescendingOrder)
    assert again._table.isColumnHidden(1)


def test_one_projects_table_offers_no_column_of_projects(window: HomeWindow, qtbot: QtBot) -> None:
    """Each of its lines would say the same, or nothing. Somebody who ticked it once sees it no more."""
    offered = [each.text() for each in window._columns._columns.actions()]
    assert "Project" not in offered
    assert set(offered) == {each.header for each in COLUMNS} - {"Project"}
    window._columns.show_columns(["project", "place"])
    assert window._columns.shown == ["title", "place"]
    assert window._table.isColumnHidden([each.key for each in COLUMNS].index("project"))


def test_a_hit_is_shown_in_context_and_opens_its_place(window: HomeWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(replace(SESSION, state=SessionState.CLOSED))
        take_in_turns(project, TRANSCRIPT, [TURN])
    with closing(Home(window, CLOCK, QSettings(str(tmp_path / "h.ini"), QSettings.Format.IniFormat))) as home:
        home.open(str(tmp_path / "lab"))
        home._search()
        dialog = window.findChild(SearchDialog)
        assert dialog is not None
        qtbot.waitUntil(dialog._word.hasFocus)
        qtbot.keyClicks(dialog._word, "MIX we")
        qtbot.keyClick(dialog._word, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: dialog._table.rowCount() == 1)
        assert "Mix well." in dialog._context.toPlainText()
        dialog.opened.disconnect()
        with qtbot.waitSignal(dialog.opened) as opened:
            dialog._open()
        assert opened.args == [SID, 20]
        dialog._word.clear()
        qtbot.keyClicks(dialog._word, "nowhere")
        dialog.search()
        qtbot.waitUntil(lambda: dialog._told.text() == "Nothing was found.")
        dialog.close()


def test_who_may_be_blind_searches_as_themselves_alone(tmp_path: Path) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
        boss, ada, ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        assert seekers_of(project, None, "") == [boss, ada, ben]
        blind(project, "A02", SID, "", None, BlindTo.BOTH)
        assert seekers_of(project, None, "") is None
        assert seekers_of(project, None, "A02") == [ada]
        assert seekers_of(project, ben, "A01") == [ben]
        assert seekers_of(project, None, "A01") == [boss, ada, ben]


def test_hits_become_a_work_list(tmp_path: Path) -> None:
    line = Line(Role.EXPERT, 1, "a < b")
    hit = Hit(SID, "Cake", 0, "turn", "t", "text", 1_500_000_000, 2_000_000_000, "expert", "Mix.", (line,))
    write_list(tmp_path / "hits.csv", [hit])
    assert (tmp_path / "hits.csv").read_text().splitlines()[1] == f"{SID},Cake,1.500,turn,t,text,expert,Mix."
    assert context_html(hit) == "expert: a &lt; b<br><b>expert: Mix.</b>"
    assert Found((hit,), False).hits == (hit,)


def test_names_of_lines_that_end_together_stand_beside_each_other_inside_the_plot() -> None:
    places: list[float] = []
    for y in (12.0, 12.0, 12.0, 300.0, 300.0, 300.0):
        places.append(free_place(y, places, 300.0))
    assert all(LABEL - 4 <= each <= 300.0 for each in places)
    assert min(abs(one - other) for at, one in enumerate(places) for other in places[:at]) >= LABEL


def test_the_plot_has_every_month_and_bears_none(qtbot: QtBot) -> None:
    assert months_between(["2025-11", "2026-02"]) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    for months in ({}, {"2025-11": dict.fromkeys(STAGES, 1.0)}):
        dialog = ProgressDialog(Progress(0, dict.fromkeys(STAGES, 0.0), months, {}, ()))
        qtbot.addWidget(dialog)
        assert not dialog.grab().isNull()


def test_what_people_did_stands_under_its_headers(qtbot: QtBot) -> None:
    one = PersonProgress("A02", 6, 5, 4, 3, 2.5, 1, 70, 8, 9.5, 1.5, 0.75)
    dialog = ProgressDialog(Progress(1, dict.fromkeys(STAGES, 0.0), {}, {}, (one,)))
    qtbot.addWidget(dialog)
    table = dialog.findChild(QTableWidget)
    assert table
    columns = [(table.horizontalHeaderItem(at), table.item(0, at)) for at in range(table.columnCount())]
    assert {head.text(): cell.text() for head, cell in columns if head and cell} == {
        "Who": "A02",
        "Assigned": "6",
        "Tiers": "5",
        "In work": "4",
        "Done": "3",
        "Hours done": "2.5",
        "Accepted": "1",
        "Edits": "70",
        "Changed": "8",
        "Agreement": "0.75",
        "Work h": "9.5",
        "s per s": "1.5",
    }


def test_no_header_of_what_people_did_is_cut_off(qtbot: QtBot) -> None:
    one = PersonProgress("A02", 6, 5, 4, 3, 0.01, 1, 70, 8, 9.5, 1.5, 0.75)
    dialog = ProgressDialog(Progress(1, dict.fromkeys(STAGES, 0.0), {}, {}, (one,)))
    qtbot.addWidget(dialog)
    dialog.resize(1120, 680)
    dialog.show()
    table = dialog.findChild(QTableWidget)
    assert table
    header = table.horizontalHeader()
    assert all(header.sectionSize(at) >= header.sectionSizeHint(at) for at in range(header.count()))
    assert table.horizontalScrollBar().maximum() == 0


def test_a_few_minutes_are_not_told_as_nothing(qtbot: QtBot) -> None:
    hours = dict.fromkeys(STAGES, 0.0) | {"recorded": 21.04, "transcribed": 0.011}
    progress = Progress(13, hours, {"2026-11": hours}, {}, ())
    dialog = ProgressDialog(progress)
    qtbot.addWidget(dialog)
    (shown,) = [each.text() for each in dialog.findChildren(QLabel) if "recorded" in each.text()]
    for told in ("21.0 h recorded", "under 0.1 h transcribed", "0.0 h coded"):
        assert told in shown
        assert told in progress_words(progress)
