"""Steps proposed by a model that sees a recording: a server that answers as a test says stands in for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.model_server import model_server
from tests.ui.recorded_session import SID
from tests.ui.transcript_room import transcribed
from ui.editor.propose_dialog import ProposeDialog
from woz.annotation.document import Document
from woz.annotation.ports import Opened
from woz.annotation.proposals.quality import stated_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.tabletop import PROCEDURE
from woz.lab.proposing import MODEL_BY, STATES_BY, STEPS_BY, Drafting, draft
from woz.model.annotation import Annotation

FIRST, SECOND = (str(step.id) for step in PROCEDURE.steps[:2])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with transcribed(tmp_path) as made:
        yield made


def _by(url: str, send: bool = False, **options: str) -> Drafting:
    return Drafting(MODEL_BY, options={"endpoint": url, "model": "see-1", **options}, send=send)


def _answer(body: dict[str, Any]) -> str:
    """The first step in two pictures, the second in three, then nothing."""
    shown = [part for part in body["messages"][0]["content"] if part["type"] == "image_url"]
    assert len(shown) == 6
    return json.dumps({"keys": [FIRST, FIRST, SECOND, SECOND, SECOND, "none"], "sure": 0.8})


def test_what_it_sees_becomes_proposals_under_its_name(project: Project) -> None:
    with model_server("no JSON", _answer) as server:
        done = draft(project, SID, _by(server.url), SystemClock())
    assert done.by.endswith("see-1")
    found = [
        item for item in project.annotations.load(SID) if isinstance(item, Annotation) and item.tier_id == done.tier
    ]
    found.sort(key=lambda item: item.interval)
    assert [(item.label, item.confidence) for item in found] == [(FIRST, 0.8), (SECOND, 0.8)]
    assert found[0].interval.end_ns == found[1].interval.start_ns
    assert len(server.asked) == 2
    text = server.asked[0]["messages"][0]["content"][-1]["text"]
    assert PROCEDURE.steps[0].name in text
    assert "Where is the bowel?" in text


def test_no_picture_leaves_without_consent_and_a_word(project: Project) -> None:
    with pytest.raises(WozError, match=r"No picture of .* goes to models\.example"):
        draft(project, SID, _by("https://models.example/v1", send=True), SystemClock())
    with pytest.raises(WozError, match="no address"):
        draft(project, SID, _by("models"), SystemClock())
    with pytest.raises(WozError, match="Say which model"):
        draft(project, SID, _by(""), SystemClock())
    with pytest.raises(WozError, match="from 6 to 10000"):
        draft(project, SID, _by("http://127.0.0.1:1/v1", pictures="2"), SystemClock())
    with model_server("nonsense") as server, pytest.raises(WozError, match="nothing to propose"):
        draft(project, SID, _by(server.url), SystemClock())


def test_the_window_names_the_server_before_a_picture_leaves(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = Document(SID, Opened(()), _NoHistory(), "ada")  # type: ignore[arg-type]
    asked: list[str] = []
    sent: list[Drafting] = []

    def propose(drafting: Drafting, _: object) -> Any:
        sent.append(drafting)
        raise WozError("The server said so.")

    def answer(_: object, question: str, *more: str) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr("ui.editor.propose_dialog.sure", answer)
    dialog = ProposeDialog(None, document, propose)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.by.setCurrentText(MODEL_BY)
    dialog.begin()
    assert "Say which model" in dialog.trouble.text
    dialog.endpoint.setText("https://models.example/v1")
    dialog.begin()
    assert "120 pictures" in asked[0]
    assert "models.example" in asked[0]
    assert sent == []
    dialog.begin()
    qtbot.waitUntil(lambda: dialog.trouble.text == "The server said so.")
    assert sent[0].send


def test_the_window_says_how_good_each_proposer_is(qtbot: QtBot, qapp: QApplication) -> None:
    document = Document(SID, Opened(()), _NoHistory(), "ada")  # type: ignore[arg-type]
    dialog = ProposeDialog(None, document, lambda *_: None)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    for by in (STATES_BY, STEPS_BY, MODEL_BY):
        dialog.by.setCurrentText(by)
        shown = dialog.quality.text()
        assert shown.count("F1@50") == len(stated_of(by)) > 0, by
        assert all(each.data in shown and each.how in shown for each in stated_of(by))
    dialog.by.addItem("somebody's")
    dialog.by.setCurrentText("somebody's")
    assert "isn't stated" in dialog.quality.text()


class _NoHistory:
    """Nothing is stored."""
