"""What several tests of whole ways share: a store that answers as S3 does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fsspec.asyn import get_loop

from tests.rig.s3 import Store, running
from tests.rig.schema_once import copied_schema


@pytest.fixture(scope="session", autouse=True)
def schema_once() -> Iterator[None]:
    with copied_schema():
        yield


@pytest.fixture(scope="module")
def store_loop() -> None:
    """The thread on which stores are asked stays as long as the process."""
    get_loop()


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with running() as store:
        yield store
