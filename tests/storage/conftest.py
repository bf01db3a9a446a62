"""A project with a session, for the tests of the storage."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage import Project
from storage.place import Place
from tests.rig.postgresql import Server, running, server_or_fail
from tests.rig.schema_once import copied_schema
from tests.storage.examples import CLOCK, LOOSE, SESSION
from tests.storage.login_lab import Lab
from woz.model.own_schemes import CONVERSATION

_NUMBERS = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def schema_once() -> Iterator[None]:
    with copied_schema():
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for the whole run."""
    with running(server_or_fail()) as started:
        yield started


@pytest.fixture(scope="session")
def template(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that holds what `project` has; a copy of it is made in a tenth of the time."""
    server.run("CREATE DATABASE {}", "template_kitchen")
    url = server.url("template_kitchen").render_as_string()
    folder = tmp_path_factory.mktemp("template") / "project"
    with Project.create(folder, "Kitchen", CLOCK, url) as made:
        _furnish(made)
    return "template_kitchen"


@pytest.fixture
def new_database(server: Server) -> Iterator[Callable[[], URL]]:
    """Makes an empty database on the server, and takes it away afterwards."""
    with _databases(server, "template1") as make:
        yield make


@pytest.fixture
def sqlite_project(tmp_path: Path) -> Iterator[Project]:
    """A new project with a session and schemes, in a file."""
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        _furnish(made)
        yield made


@pytest.fixture
def server_project(server: Server, template: str, tmp_path: Path) -> Iterator[Project]:
    """The same on a server."""
    with _databases(server, template) as make:
        (tmp_path / "served" / "sessions").mkdir(parents=True)
        Place(tmp_path / "served", make()).write()
        with Project.open(tmp_path / "served", CLOCK) as made:
            yield made


@pytest.fixture
def lab(server_project: Project, server: Server, tmp_path: Path) -> Iterator[Lab]:
    """The same with people who log in."""
    made = Lab(server_project, server, tmp_path / "doors")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request: pytest.FixtureRequest) -> Project:
    """The same in a file, then on a server."""
    made: Project = request.getfixturevalue("sqlite_project" if request.param == "sqlite" else "server_project")
    return made


@contextlib.contextmanager
def _databases(server: Server, template: str) -> Iterator[Callable[[], URL]]:
    made: list[str] = []

    def make() -> URL:
        made.append(f"kitchen_{next(_NUMBERS)}")
        server.run("CREATE DATABASE {} TEMPLATE {}", made[-1], template)
        return server.url(made[-1])

    yield make
    for name in made:
        server.run("DROP DATABASE {} WITH (FORCE)", name)


def _furnish(project: Project) -> None:
    project.sessions.save(SESSION)
    project.schemes.add(CONVERSATION)
    project.schemes.add(LOOSE)


@pytest.fixture
def public_dir() -> Iterator[Path]:
    """A folder that other users reach, too."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def as_somebody() -> Callable[[], contextlib.AbstractContextManager[None]]:
    """To be no administrator for a while, whom no permission stops."""

    @contextlib.contextmanager
    def somebody() -> Iterator[None]:
        if os.name != "posix" or os.geteuid() != 0:
            yield
            return
        os.setresuid(65534, 65534, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)

    return somebody
