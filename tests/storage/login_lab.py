"""A project on a server whose people log in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg

from storage import Project
from tests.rig.postgresql import Server
from tests.storage.doors import Doors
from tests.storage.examples import CLOCK, SESSION, SID, segment
from woz.annotation.edits import Edit
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Assignment, Part
from woz.model.own_schemes import STATES
from woz.model.tier import Tier


class Lab(Doors):
    """A project on a server with a manager, a curator and two annotators, who all log in."""

    def __init__(self, project: Project, server: Server, folder: Path) -> None:
        super().__init__(project, server, folder)
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        roles = (AnnotatorRole.MANAGER,), (AnnotatorRole.CURATOR,), (), ()
        names = ("M01", "C01", "A01", "A02")
        add_annotator(project, "B00")
        self.people = {name: add_annotator(project, name, own) for name, own in zip(names, roles, strict=True)}
        self.let_in(*names)
        self.works = [assign(project, SID, self._order(name), CLOCK) for name in ("A01", "A02")]

    def _order(self, name: str) -> Order:
        boss = self.owner.annotators.named("B00")
        return Order(STATES, self.people[name], boss, Part.FIRST, see_all=True)

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
