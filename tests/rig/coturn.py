"""A real TURN server (coturn) in a network namespace, for tests."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "lab", "a word of the lab"
PORT, TLS_PORT = 3478, 5349


@dataclass(frozen=True)
class Coturn:
    log: Path
    certificate: Path
    """Who trusts it (SSL_CERT_FILE) may use TLS."""

    def relayed(self) -> bool:
        """Whether it gave anybody an address to relay from."""
        return "ALLOCATE processed, success" in self.log.read_text()


@contextlib.contextmanager
def coturn(namespace: str, address: str, folder: Path) -> Iterator[Coturn]:
    """Listens on UDP, TCP and TLS at `address`."""
    pem, key, log = folder / "turn.pem", folder / "turn.key", folder / "turn.log"
    _certify(address, pem, key)
    words = ["turnserver", "-n", "-v", "--no-cli", "--no-dtls", "--lt-cred-mech", "--realm=woz"]
    words += [f"--listening-ip={address}", f"--relay-ip={address}", f"--user={USER}:{PASSWORD}"]
    words += [f"--cert={pem}", f"--pkey={key}", f"--pidfile={folder / 'turn.pid'}", "--log-file=stdout"]
    with log.open("wb") as out:
        process = subprocess.Popen(["ip", "netns", "exec", namespace, *words], stdout=out, stderr=out)
        try:
            _await_log(log, "IO method (admin thread)")
            yield Coturn(log, pem)
        finally:
            process.terminate()
            process.wait()


def _certify(address: str, pem: Path, key: Path) -> None:
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    words += ["-subj", "/CN=turn", "-addext", f"subjectAltName=IP:{address}", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(words, check=True, capture_output=True)


def _await_log(log: Path, word: str) -> None:
    deadline = time.monotonic() + 120
    while word not in log.read_text():
        assert time.monotonic() < deadline, f"coturn did not start: {log.read_text()[-2000:]}"
        time.sleep(0.05)
