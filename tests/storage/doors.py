"""A project on a server that people open by their own logins."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from storage import Project
from storage.backends.postgresql_logins import Groups
from storage.place import Place
from tests.rig.postgresql import Server
from tests.storage.examples import CLOCK
from woz.lab.annotators import make_login


class Doors:
    """`folder` is where those who log in have their folders of the project."""

    def __init__(self, project: Project, server: Server, folder: Path) -> None:
        self.owner, self.server, self.folder = project, server, folder
        assert project.place.url
        self.url = project.place.url
        self.logins: dict[str, tuple[str, str]] = {}

    def let_in(self, *names: str) -> None:
        self.logins |= {name: make_login(self.owner, name, self.login(name)) for name in names}

    def login(self, name: str) -> str:
        """The server's logins are those of all its databases."""
        return f"{name.lower()}-{self.url.database}"

    def place(self, name: str) -> Place:
        """With the password."""
        folder = self.folder / name
        (folder / "sessions").mkdir(parents=True, exist_ok=True)
        return Place(folder, self.server.url_by_network(self.url.database or "", *self.logins[name]))

    def as_(self, name: str) -> Project:
        return Project.at(self.place(name), CLOCK)

    def close(self) -> None:
        database = self.url.database or ""
        everybody = [login for login, _ in self.logins.values()]
        for role in (*everybody, *astuple(Groups.of(database))):
            self.server.run("DROP OWNED BY {}", role, database=database)
            self.server.run("DROP ROLE {}", role)
