"""A project on a server whose people log in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg

from storage import Project
from storage.backends.postgresql_logins import Groups
from storage.place import Place
from tests.rig.postgresql import Server
from tests.storage.examples import CLOCK, SESSION, SID, segment
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator, make_login
from woz.lab.assigning import Order, assign
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Assignment, Part
from woz.model.own_schemes import STATES
from woz.model.tier import Tier


class Lab:
    """A project on a server with a manager, a curator and two annotators, who all log in."""

    def __init__(self, project: Project, server: Server, folder: Path) -> None:
        self.owner, self.server, self.folder = project, server, folder
        assert project.place.url
        self.url = project.place.url
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        roles = (AnnotatorRole.MANAGER,), (AnnotatorRole.CURATOR,), (), ()
        names = ("M01", "C01", "A01", "A02")
        add_annotator(project, "B00")
        self.people = {name: add_annotator(project, name, own) for name, own in zip(names, roles, strict=True)}
        self.logins = {name: make_login(project, name, self.login(name)) for name in names}
        self.works = [assign(project, SID, self._order(name), CLOCK) for name in ("A01", "A02")]

    def login(self, name: str) -> str:
        """The server's logins are those of all its databases."""
        return f"{name.lower()}-{self.url.database}"

    def _order(self, name: str) -> Order:
        boss = self.owner.annotators.named("B00")
        return Order(STATES, self.people[name], boss, Part.FIRST, see_all=True)

    def as_(self, name: str) -> Project:
        login, password = self.logins[name]
        folder = self.folder / name
        (folder / "sessions").mkdir(parents=True, exist_ok=True)
        url = self.server.url_by_network(self.url.database or "", login, password)
        return Project.at(Place(folder, url), CLOCK)

    def sql(self, name: str) -> psycopg.Connection[object]:
        """Without woz between."""
        login, password = self.logins[name]
        url = self.server.url_by_network(self.url.database or "")
        return psycopg.connect(
            host=url.host, port=url.port, user=login, password=password, dbname=url.database, autocommit=True
        )

    def tier(self, work: Assignment) -> Tier:
        items = self.owner.annotations.load(SID)
        return next(each for each in items if isinstance(each, Tier) and each.id == work.tier_id)

    def mark(self, project: Project, work: Assignment, name: str, by: Annotator) -> None:
        made = replace(segment(name, 0, 600 * NS_PER_S), tier_id=work.tier_id)
        project.annotations.record(SID, Edit("Mark", (), (made,)), by.id)

    def close(self) -> None:
        database = self.url.database or ""
        groups = Groups.of(database)
        everybody = [login for login, _ in self.logins.values()]
        for role in (*everybody, groups.everybody, groups.curators, groups.managers):
            self.server.run("DROP OWNED BY {}", role, database=database)
            self.server.run("DROP ROLE {}", role)
