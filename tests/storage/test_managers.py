"""Managers who act at the same moment: a project is never left without one."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from storage import Project
from tests.storage.meeting import met
from woz.base.errors import WozError
from woz.lab.annotators import ALL_ROLES, add_annotator, give_roles, remove_annotator, retire_annotator
from woz.model.annotator import AnnotatorRole


def test_of_two_managers_who_retire_each_other_at_once_one_stays(project: Project) -> None:
    for name in ("A01", "A02"):
        add_annotator(project, name, ALL_ROLES)
    refused: list[str] = []
    start = threading.Barrier(2)

    def retire(name: str) -> None:
        start.wait()
        try:
            retire_annotator(project, name)
        except WozError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=retire, args=(name,)) for name in ("A01", "A02")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (left,) = (each.pseudonym for each in project.annotators.all() if not each.retired)
    assert refused == [f"{left} is the only manager of this project; make somebody else one first."]


def test_of_two_managers_who_remove_each_other_at_once_one_stays(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("A01", "A02"):
        add_annotator(project, name, ALL_ROLES)
    removals = (partial(remove_annotator, project, name) for name in ("A01", "A02"))
    refused = met(project, monkeypatch, (project.annotators, "all"), *removals)
    assert [each.pseudonym for each in project.annotators.all()] == ["A02"]
    assert refused == ["A02 is the only manager of this project; make somebody else one first."]


def test_who_manages_nothing_changes_roles_and_goes_and_a_retired_manager_is_none(project: Project) -> None:
    add_annotator(project, "A01")
    give_roles(project, "A01", [AnnotatorRole.MANAGER])
    add_annotator(project, "A02", ALL_ROLES)
    retire_annotator(project, "A02")
    assert set(retire_annotator(project, "A02", back=True).roles) == set(ALL_ROLES)
    assert give_roles(project, "A02", [AnnotatorRole.CURATOR]).roles == (AnnotatorRole.CURATOR,)
    assert retire_annotator(project, "A02").retired
