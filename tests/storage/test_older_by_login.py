"""An older project on a server is brought up to date by its owner alone; whoever logs in first is told so."""

from __future__ import annotations

import pytest

from storage import Project
from storage.backends.schema import known_revisions
from tests.rig.postgresql import PASSWORD
from tests.storage.examples import CLOCK
from tests.storage.login_lab import Lab
from tests.storage.older_revisions import take_back
from woz.base.errors import WozError


@pytest.mark.parametrize("name", ["A01", "M01"])
def test_whoever_logs_in_is_told_who_opens_it_first(lab: Lab, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of the project's is left in their own folder."""
    take_back(lab.owner, "0029")
    place = lab.place(name)
    for _ in range(2):
        with pytest.raises(WozError, match="only woz, who owns its tables, can bring it up to date") as refused:
            Project.at(place, CLOCK)
    told = str(refused.value)
    assert lab.logins[name][1] not in told
    assert [path.name for path in place.folder.iterdir()] == ["sessions"]
    place.write()
    monkeypatch.setenv("WOZ_DATABASE_URL", told.split("set to ")[1].split(",")[0])
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with Project.open(place.folder, CLOCK) as owners:
        assert owners.database.revision() == known_revisions()[0]
    monkeypatch.delenv("WOZ_DATABASE_URL")
    lab.as_(name).close()
