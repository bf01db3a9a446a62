"""An S3-compatible store of the tests' own: moto's server, behind a door that can be shut."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

from moto.server import ThreadedMotoServer

BUCKET = "lab"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


class Door:
    """Passes bytes on to the store, and counts those that come back. Shut, it refuses to be called."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self.received = 0
        self.address = ("127.0.0.1", 0)
        self.open()

    def open(self) -> None:
        self._listener = socket.create_server(self.address)
        self.address = self._listener.getsockname()
        threading.Thread(target=self._listen, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        """What is under way breaks off."""
        assert self._listener
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _listen(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                self.received += len(data) if back else 0
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


class Store:
    """The store as a test sees it: its address, its keys, and the door in front of it."""

    def __init__(self, process: subprocess.Popen[str], facts: dict[str, Any]) -> None:
        import boto3

        self._process = process
        self.endpoint = facts["door"]
        names = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
        self._client = boto3.client("s3", endpoint_url=facts["behind"], **names)
        self._client.create_bucket(Bucket=BUCKET)

    def shut(self) -> None:
        self._ask("shut")

    def open(self) -> None:
        self._ask("open")

    def received(self) -> int:
        """Bytes that came out of the door."""
        return int(self._ask("received"))

    def names(self) -> list[str]:
        listed = self._client.list_objects_v2(Bucket=BUCKET)
        return [one["Key"] for one in listed.get("Contents", [])]

    def _ask(self, word: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextlib.contextmanager
def running() -> Iterator[Store]:
    """With an empty bucket; in a process of its own, which keeps its threads."""
    command = [sys.executable, "-m", "tests.rig.s3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield Store(process, json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def _serve() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    door = Door(port)
    facts = {"behind": f"http://{host}:{port}", "door": "http://{}:{}".format(*door.address)}
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if line.strip() in ("shut", "open"):
            getattr(door, line.strip())()
        sys.stdout.write(f"{door.received}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
