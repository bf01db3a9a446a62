"""Import and backup from the home window: what is asked, and the command that comes of it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from ui.cli import import_media, import_session, import_table, import_view, main
from ui.home.annotations_page import Known
from ui.home.backup_dialog import BackupDialog
from ui.home.import_dialog import FURTHER, MANY, OTHER, ImportDialog
from ui.home.view_page import BY_OFFSET, BY_TABLE
from ui.home.work import WorkDialog
from woz.model.annotation import Annotation

KNOWN = (Known(SID, "Cake"),)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "some file.mp4"
    made.touch()
    return made


def _shown(qtbot: QtBot, tmp_path: Path) -> ImportDialog:
    dialog = ImportDialog(str(tmp_path / "lab"), KNOWN, SID)
    qtbot.addWidget(dialog)
    return dialog


def test_a_recording_with_voices_people_and_licence(qtbot: QtBot, tmp_path: Path, file: Path) -> None:
    dialog = _shown(qtbot, tmp_path)
    assert not dialog._import.isEnabled()
    dialog._view.show_path(str(file))
    assert dialog._import.isEnabled()
    for field in (dialog._trainee_voice, dialog._expert_voice):
        field.show_path(str(file))
    dialog._trainee.setText("Ada Lovelace")
    assert "pseudonym" in dialog._said.text()
    dialog._trainee.setText("P01")
    dialog._source.setText("-A set")
    assert "licence" in dialog._said.text()
    dialog._licence.setText("CC0-1.0")
    assert dialog._import.isEnabled()
    parser = argparse.ArgumentParser()
    import_media.options(parser)
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.view, said.trainee_voice, said.expert_voice) == (file, file, file)
    assert (said.trainee, said.expert, said.source_name, said.licence) == ("P01", "", "-A set", "CC0-1.0")


def test_a_further_view_by_each_way_of_laying_it(qtbot: QtBot, tmp_path: Path, file: Path) -> None:
    dialog = _shown(qtbot, tmp_path)
    dialog._tabs.setCurrentIndex(FURTHER)
    page = dialog._further
    assert dialog._said.text() == "Choose the file."
    page._file.show_path(str(file))
    assert dialog._import.isEnabled()
    parser = argparse.ArgumentParser()
    import_view.options(parser)
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.file, said.session, said.name, said.by, said.offset) == (file, SID, "", "sound", None)
    page._name.setText("cam01")
    page._how.setCurrentIndex(BY_OFFSET)
    page._offset.setValue(-12.345)
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.name, said.offset) == ("cam01", -12.345)
    page._how.setCurrentIndex(BY_TABLE)
    assert dialog._said.text() == "Choose the table."
    page._table.show_path(str(tmp_path / "none.csv"))
    assert "no file" in dialog._said.text()
    page._table.show_path(str(file))
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.table, said.offset) == (file, None)


def test_a_file_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = _shown(qtbot, tmp_path)
    dialog._view.show_path(str(tmp_path / "none.mp4"))
    assert "no file" in dialog._said.text()
    assert not dialog._import.isEnabled()


def test_the_experts_own_recording_by_file(qtbot: QtBot, tmp_path: Path, file: Path) -> None:
    dialog = _shown(qtbot, tmp_path)
    dialog._tabs.setCurrentIndex(2)
    dialog._file_own.show_path(str(file))
    assert dialog.arguments == ["import", "voice", str(tmp_path / "lab"), str(file)]
    dialog._into_own.setCurrentIndex(1)
    assert dialog.arguments[-2:] == ["--session", SID]


def test_annotations_come_into_the_chosen_session(qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(SESSION)
    table = tmp_path / "marks.csv"
    table.write_text("start_s,end_s,label\n1,2,stir\n2,3,pour\n")
    dialog = _shown(qtbot, tmp_path)
    dialog._tabs.setCurrentIndex(1)
    dialog._annotations.show_path(table)
    dialog._annotations.choose_format("csv")
    assert dialog._import.isEnabled()
    assert "It carries" in dialog._annotations._told.text()
    work = WorkDialog("Import", dialog.arguments)
    with qtbot.waitSignal(work.ended, timeout=120_000) as ended:
        work.begin()
    assert ended.args == [0], work.running.words
    assert "2 annotations" in work.running.words
    work.close()
    with Project.open(tmp_path / "lab", CLOCK) as project:
        assert len([i for i in project.annotations.load(SID) if isinstance(i, Annotation)]) == 2


def test_a_file_whose_format_is_not_told_by_its_ending_asks_for_it(qtbot: QtBot, tmp_path: Path) -> None:
    strange = tmp_path / "marks.strange"
    strange.touch()
    dialog = ImportDialog(str(tmp_path / "lab"), (), None, schemes=["mine"])
    qtbot.addWidget(dialog)
    dialog._tabs.setCurrentIndex(1)
    assert dialog._said.text() == "Choose the file."
    dialog._annotations.show_path(strange)
    assert "Choose the format" in dialog._said.text()
    dialog._annotations.choose_format("csv")
    dialog._annotations._scheme.setCurrentIndex(1)
    dialog._annotations._key.setText("-a")
    assert dialog.arguments == [
        *("import", "annotations", str(tmp_path / "lab"), str(strange)),
        *("--format=csv", "--scheme=mine", "--key=-a"),
    ]


def test_turns_of_another_session_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turns = tmp_path / "turns.vtt"
    turns.write_text("WEBVTT\n\n00:00:01.000 --> 99:00:02.000\n<v expert>Mix.\n")
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.sessions.save(replace(SESSION, duration_ns=60_000_000_000))
    assert main(["import", "turns", str(tmp_path / "lab"), str(turns)]) == 0
    assert "1 turn imported. 1 ended after the session and was cut" in capsys.readouterr().out
    turns.write_text("WEBVTT\n\n98:00:01.000 --> 99:00:02.000\n<v expert>Mix.\n")
    assert main(["import", "turns", str(tmp_path / "lab"), str(turns)]) == 1
    assert "1 of 1 turn begins after the session's end" in capsys.readouterr().err
    with Project.open(tmp_path / "lab", CLOCK) as project:
        (transcript,) = project.transcripts.of_session(SID)
        (turn,) = project.transcripts.turns(transcript.id)
    assert turn.interval.end_ns == 60_000_000_000


def test_a_backup_is_asked_in_one_window_that_can_be_left(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = BackupDialog("lab", ["Lamp 3"])
    qtbot.addWidget(dialog)
    assert not dialog._begin.isEnabled()
    assert any("Lamp 3" in part.text() for part in dialog.findChildren(QLabel))
    dialog._folder.show_path(str(tmp_path))
    assert dialog._begin.isEnabled()
    assert dialog.arguments == ["backup", "lab", str(tmp_path), "--media"]
    dialog._alone.setChecked(True)
    assert dialog.arguments == ["backup", "lab", str(tmp_path)]
    dialog.reject()
    assert dialog.result() == BackupDialog.DialogCode.Rejected


def test_cancelling_work_holds_nothing_up(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = WorkDialog("Wait", [])
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
    monkeypatch.setattr("ui.application.command.OWN", ("-c", stubborn))
    work.begin()
    qtbot.waitUntil(lambda: "here" in work.running.words, timeout=120_000)
    work.reject()
    assert work.running.command.running
    assert not work._close.isEnabled()
    with qtbot.waitSignal(work.ended, timeout=120_000):
        pass
    assert work._close.isEnabled()
    work.close()


def test_turns_alone_make_their_project_and_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turns = tmp_path / "Lamp.vtt"
    turns.write_text("WEBVTT\n\n")
    lab = tmp_path / "new" / "lab"
    assert main(["import", "turns", str(lab), str(turns)]) == 1
    assert "holds no turns" in capsys.readouterr().err
    assert not lab.exists()
    turns.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v trainee>Which one?\n")
    assert main(["import", "turns", str(lab), str(turns), "--json"]) == 0
    assert main(["import", "turns", str(lab), str(turns), "--json"]) == 0
    with Project.open(lab, CLOCK) as project:
        [session] = project.sessions.all()
        assert (session.title, session.duration_ns) == ("Lamp", 2_000_000_000)
        assert len(project.transcripts.of_session(session.id)) == 2


def test_a_session_of_annotations_alone_is_checked_without_complaint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "marks.csv"
    table.write_text("start_s,end_s,label\n1,2,stir\n2,3,pour\n")
    lab = str(tmp_path / "lab")
    assert main(["import", "annotations", lab, str(table), "--format", "csv", "--json"]) == 0
    (taken,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (taken["new"], taken["annotations"], taken["end_s"]) == (True, 2, 3)
    assert main(["check", lab]) == 0
    assert "no recording   annotations alone, 3.0 s" in capsys.readouterr().out
    assert main(["check", lab, "--html", str(tmp_path / "page.html")]) == 0
    assert "No recording." in (tmp_path / "page.html").read_text()


def test_many_sessions_are_looked_through_before_they_come_in(qtbot: QtBot, tmp_path: Path) -> None:
    Project.create(tmp_path / "lab", "Lab", CLOCK).close()
    (tmp_path / "t.csv").write_text("view,trainee\nnowhere.mp4,P01\n")
    dialog = _shown(qtbot, tmp_path)
    dialog._tabs.setCurrentIndex(MANY)
    assert dialog._said.text() == "Choose the table."
    dialog._table._file.show_path(str(tmp_path / "t.csv"))
    assert dialog._import.isEnabled()
    parser = argparse.ArgumentParser()
    import_table.options(parser)
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.project, said.table, said.dry_run) == (tmp_path / "lab", tmp_path / "t.csv", False)
    dialog._table._look.click()
    work = dialog.findChild(WorkDialog)
    assert work is not None
    qtbot.waitUntil(lambda: work._close.text() == "Close", timeout=60_000)
    assert "row 2  nowhere.mp4: with a fault. There is no file" in work.running.words
    assert "1 with a fault." in work.running.words
    work.reject()
    with Project.open(tmp_path / "lab", CLOCK) as project:
        assert project.sessions.all() == []


def test_a_session_of_another_project_with_who_is_who(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = _shown(qtbot, tmp_path)
    dialog._tabs.setCurrentIndex(OTHER)
    assert dialog._said.text() == "Choose the session's folder."
    dialog._other._folder.show_path(str(tmp_path))
    dialog._other._people.setText("P01 = P31")
    assert "two pseudonyms" in dialog._said.text()
    dialog._other._people.setText("P01=P31, E01=E01")
    assert dialog._import.isEnabled()
    parser = argparse.ArgumentParser()
    import_session.options(parser)
    said = parser.parse_args(dialog.arguments[2:])
    assert (said.folder, said.person, said.annotator) == (tmp_path, ["P01=P31", "E01=E01"], [])
