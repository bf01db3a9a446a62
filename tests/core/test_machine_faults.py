"""What a system doesn't number isn't asked of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT = "import errno; del errno.EREMOTEIO;"
"""As on macOS and on Windows."""


@pytest.mark.parametrize(
    "asked",
    [
        "from woz.base.machine_faults import AWAY; print(AWAY >= {errno.EIO, errno.ESTALE})",
        "from woz.store.faults import AWAY_NUMBERS; print(AWAY_NUMBERS >= {errno.EIO, errno.EBUSY})",
    ],
)
def test_a_number_that_only_linux_has_is_needed_nowhere(asked: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"{WITHOUT} {asked}"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")
