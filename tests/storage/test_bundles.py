"""What is read of a session for all that is made of it."""

from __future__ import annotations

from storage import Project
from tests.storage.examples import LOOSE, SID, TIER
from woz.annotation.edits import Edit
from woz.lab.exporting import export_bundle


def test_of_the_project_s_schemes_those_of_its_tiers_are_read(project: Project) -> None:
    """The others' texts were searched for names with each session."""
    assert export_bundle(project, SID).schemes == {}
    project.annotations.record(SID, Edit("Make", (), (TIER,)), "ada")
    assert set(export_bundle(project, SID).schemes) == {(LOOSE.id, LOOSE.version)}
    assert len(project.schemes.all()) > 1
