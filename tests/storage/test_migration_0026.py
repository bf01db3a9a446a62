"""Blind scopes from before they named a scheme hide what they hid: tiers of the key in every scheme."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.backends.schema import known_revisions
from tests.storage.examples import CLOCK, LOOSE, SID, TIER, segment
from tests.storage.older_revisions import take_back
from woz.annotation.edits import Edit
from woz.model.annotator import ANY_SCHEME, Annotator, BlindScope
from woz.model.ids import AnnotatorId, BlindScopeId, SchemeId, TierId

ADA, BEN = Annotator(AnnotatorId("ada-id"), "A02"), Annotator(AnnotatorId("ben-id"), "A03")
OTHER = replace(LOOSE, id=SchemeId("other"), name="Other")
ADAS = replace(TIER, id=TierId("adas"), annotator_id=ADA.id)
ELSEWHERE = replace(ADAS, id=TierId("elsewhere"), scheme_id=OTHER.id)
SCOPE = BlindScope(BlindScopeId("b"), BEN.id, SID, ADAS.tier_type)


@pytest.fixture
def old(project: Project) -> Path:
    """A project of revision 0025, in a file and on a server: Ada has coded one key in two schemes, Ben is blind."""
    for person in (ADA, BEN):
        project.annotators.save(person)
    project.schemes.add(OTHER)
    marks = [replace(segment(tier.id[:1]), tier_id=tier.id) for tier in (ADAS, ELSEWHERE)]
    project.annotations.record(SID, Edit("Mark", (), (ADAS, ELSEWHERE, *marks)), ADA.id)
    project.annotators.save_scope(SCOPE)
    take_back(project, "0025")
    return project.path


def test_a_scope_from_before_hides_the_key_in_every_scheme(old: Path) -> None:
    with Project.open(old, CLOCK) as project:
        assert project.database.revision() == known_revisions()[0]
        assert list(old.glob("*backup-0025-*"))
        assert project.annotators.scopes() == [replace(SCOPE, scheme_id=ANY_SCHEME)]
        seen = {by: {str(item.id) for item in project.annotations.open(SID, by).items} for by in (ADA.id, BEN.id)}
    assert seen == {ADA.id: {"adas", "elsewhere", "a", "e"}, BEN.id: set()}
