"""What took back an edit in a store, and was not heard of, is not done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import SID, TIER, segment
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.unstored import TakingBack, Unstored, Way
from woz.base.errors import WozError
from woz.model.annotation import Annotation


@pytest.mark.parametrize("others", [(), (segment("beside", 20, 30),)], ids=["whole", "part"])
def test_an_edit_is_taken_back_once(project: Project, tmp_path: Path, others: tuple[Annotation, ...]) -> None:
    history, path, item = project.annotations, tmp_path / "s.unstored", segment("s")
    history.record(SID, Edit("tier", (), (TIER,)), "ben")
    edit = history.record(SID, Edit("new", (), (item, *others)), "ben")
    asked = Unstored(path)
    asked.add(TakingBack(Way.TAKE_BACK, None, edit.id, item.id), edit.id)
    asked.keep()
    history.take_back(SID, "ada", edit.id, item.id)
    told = list[WozError]()
    again = Unstored(path)
    document = Document(SID, history.open(SID, "ada"), history, "ada", told=told.append, unstored=again)
    document.resume(again.read())
    assert (told, path.exists()) == ([], False)
    assert [logged.name for logged in history.history(SID)] == ["tier", "new", "new"]
    assert set(document.items) == set(history.load(SID))
