"""Talks of people who log in: each answers and settles them, and nobody changes what was said."""

from __future__ import annotations

import psycopg
import pytest

from storage.backends.postgresql_logins import Groups
from tests.storage.examples import SID
from tests.storage.login_lab import Lab
from woz.lab.commenting import Place, answer, close, comment


def test_an_answer_to_a_settled_talk_is_kept_and_opens_it_again(lab: Lab) -> None:
    ada, ben = lab.people["A01"], lab.people["A02"]
    first = comment(lab.owner, Place(SID), ada, "Is this right?", ben)
    for name, settles in (("A01", ben), ("A02", ada)):
        whose = lab.people[name]
        with lab.as_("A02" if settles is ben else "A01") as project:
            assert close(project, first.id, settles).closed_by == settles.id
        with lab.as_(name) as project:
            answer(project, first.id, whose, "Not yet.")
    told = lab.owner.comments.all(SID)
    assert [(each.by, each.text, each.open) for each in told] == [
        (ada.id, "Is this right?", True),
        (ada.id, "Not yet.", True),
        (ben.id, "Not yet.", True),
    ]


def test_what_was_said_stays_as_it_was_said(lab: Lab) -> None:
    """Also where an older woz let every login change all of a comment."""
    database = lab.url.database or ""
    lab.server.run("GRANT UPDATE ON comment TO {}", Groups.of(database).everybody, database=database)
    lab.owner.database.migrate()
    said = comment(lab.owner, Place(SID), lab.people["A01"], "Is this right?", lab.people["A02"])
    another = lab.people["C01"].id
    with lab.sql("A02") as connection:
        for change in ("text = 'Yes.'", f"by = '{another}'", "recipient_id = NULL", "made_utc_ns = 0"):
            with pytest.raises(psycopg.Error, match="permission denied for table comment"):
                connection.execute(f"UPDATE comment SET {change}".encode())
        with pytest.raises(psycopg.Error, match="violates row-level security policy"):
            connection.execute(f"UPDATE comment SET closed_by = '{another}', closed_utc_ns = 1".encode())
    assert lab.owner.comments.all(SID) == [said]
