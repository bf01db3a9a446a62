"""A PostgreSQL server of the tests' own: started when the first test wants it, gone with the run."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

LACK = (
    "there is no PostgreSQL server on this machine (initdb): install Debian's package postgresql, or name the"
    " folder of its programs in WOZ_TEST_POSTGRESQL_BIN. WOZ_TEST_WITHOUT_POSTGRESQL=1 runs the rest without it."
)
PASSWORD = "not a secret"
PATIENCE_S = 180
_NOBODY = 65534
"""Who runs the server where the tests run as root, which it refuses to be run as."""


@dataclass(frozen=True, slots=True)
class Server:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> URL:
        """By the local socket, without a password."""
        query = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", "woz", None, None, self.port, database, query)

    def url_by_network(self, database: str, user: str = "woz", password: str | None = None) -> URL:
        return URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, database)

    def run(self, statement: str, *names: str, database: str = "postgres") -> None:
        """A statement in which {} stands for each of the names."""
        with self.connect(database) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), port=self.port, user="woz", dbname=database, autocommit=True)

    def cpu_ms(self) -> float:
        """What the server's processes have computed so far, on Linux: those that run, and those that ended."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                own, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:13])) if int(fields[1]) == self.process.pid else 0
                ticks += sum(map(int, fields[13:15])) if own == self.process.pid else 0
        return 1e3 * ticks / os.sysconf("SC_CLK_TCK")


def server_or_fail() -> Path:
    """The folder of the server's programs. A machine without them fails the test, unless told to do without."""
    found = programs()
    if found is not None and not (found / "initdb").exists():
        found = None
    if found is None and os.environ.get("WOZ_TEST_WITHOUT_POSTGRESQL"):
        pytest.skip(LACK)
    if found is None:
        pytest.fail(LACK)
    return found


def programs() -> Path | None:
    """Debian keeps them out of PATH; the newest version comes first."""
    given = os.environ.get("WOZ_TEST_POSTGRESQL_BIN")
    if given:
        return Path(given)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def running(binaries: Path) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="woz-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    try:
        with _started(binaries, folder, signal.SIGQUIT) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept(binaries: Path, folder: Path) -> Iterator[Server]:
    """A server whose databases stay in `folder`, for the next one there."""
    folder.mkdir(parents=True, exist_ok=True)
    with _started(binaries, folder, signal.SIGINT) as server:
        yield server


@contextlib.contextmanager
def _started(binaries: Path, folder: Path, end: signal.Signals) -> Iterator[Server]:
    server = _start(binaries, folder)
    try:
        yield server
    finally:
        server.process.send_signal(end)
        server.process.wait(PATIENCE_S)


def _start(binaries: Path, folder: Path) -> Server:
    who = _as_nobody(folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _make(binaries, folder, who)
    port = _free_port()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], stderr=log, cwd=folder, preexec_fn=_end_with_us, **who
        )
    server = Server(folder, port, process)
    _wait(server)
    return server


def _make(binaries: Path, folder: Path, who: dict[str, Any]) -> None:
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    options = ["-U", "woz", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--pwfile={password}"]
    options += ["--auth-local=trust", "--auth-host=scram-sha-256"]
    made = subprocess.run(
        [str(binaries / "initdb"), "-D", str(folder / "data"), *options],
        capture_output=True,
        text=True,
        cwd=folder,
        **who,
    )
    if made.returncode:
        pytest.fail(f"initdb made no database: {made.stderr}")


def _as_nobody(folder: Path) -> dict[str, Any]:
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    os.chown(folder, _NOBODY, _NOBODY)
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def _end_with_us() -> None:
    """Linux ends the server where the run is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            server.connect("postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the PostgreSQL server doesn't start ({error}): {(server.folder / 'log').read_text()}")
            time.sleep(0.05)
