"""A small file system of its own, to run full."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(disk: Path, size: str) -> Iterator[Path]:
    """A file system of this size ("4m") at a new folder; the test is skipped where none can be mounted."""
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True)
    if done.returncode:
        pytest.skip(f"a small disk can't be mounted here: {done.stderr.decode().strip()}")
    try:
        yield disk
    finally:
        # lazily: what a failure still holds open would keep the disk, and with it the test's folder, for ever
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
