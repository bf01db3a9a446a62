"""A project with a session, for the tests of the storage."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from woz.model.codebook import STATES


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new project with a session and a codebook."""
    with Project.create(tmp_path / "project", "Kitchen", CLOCK) as made:
        made.sessions.save(SESSION)
        made.codebooks.save(STATES)
        yield made


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
