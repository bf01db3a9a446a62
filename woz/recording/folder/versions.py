"""By which programs a session was recorded or made."""

from __future__ import annotations

import platform

import av

from woz import __version__


def program_versions() -> dict[str, str]:
    """Of woz and of what decides how pictures and sounds are coded and timed."""
    return {
        "woz": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "pyav": av.__version__,
        "libavcodec": ".".join(map(str, av.library_versions["libavcodec"])),
    }
