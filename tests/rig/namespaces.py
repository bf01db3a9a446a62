"""Whether this machine lets a test make hosts of its own."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys

import pytest

TOOLS = ("ip", "nft", "turnserver", "openssl", "tcpdump")


def needs_namespaces() -> None:
    """Skip a test where namespaces are forbidden, fail where only a tool is lacking: `make test` installs them."""
    if reason := _forbidden():
        pytest.skip(reason)
    lacking = [name for name in TOOLS if not shutil.which(name)]
    assert not lacking, (
        f"not installed: {', '.join(lacking)}; packaging/setup.sh test installs them on Debian and Ubuntu"
    )


@functools.cache
def _forbidden() -> str:
    if sys.platform != "linux":
        return "only Linux has network namespaces"
    if os.geteuid() != 0:
        return "network namespaces need root"
    made = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True, check=False)
    return f"network namespaces are forbidden here: {made.stderr.strip()}" if made.returncode else ""
