"""Under which licences the packages stand that woz runs with here, read from their own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from woz.base.errors import WozError

WITHIN = {
    "av": "carries FFmpeg (LGPL-3.0-or-later), x264 and x265 (GPL-2.0-or-later), dav1d, SVT-AV1, libvpx",
    "cryptography": "carries OpenSSL (Apache-2.0)",
    "numpy": "carries OpenBLAS (BSD-3-Clause) and libgfortran (GPL-3.0 with the GCC runtime exception)",
    "opencv-python-headless": "carries FFmpeg (LGPL-2.1-or-later), OpenBLAS (BSD-3-Clause), libaom, OpenSSL",
    "psycopg-binary": "carries libpq (PostgreSQL licence), OpenSSL (Apache-2.0), Kerberos (MIT)",
    "pyside6-addons": "carries Qt (LGPL-3.0-only) and, for its players, FFmpeg (LGPL-2.1-or-later)",
    "pyside6-essentials": "carries Qt (LGPL-3.0-only) and ICU (Unicode-3.0)",
    "projectaria-tools": "carries VRS (Apache-2.0), Boost (BSL-1.0), libopus, libjpeg-turbo, FFmpeg (LGPL)",
    "sounddevice": "carries PortAudio (MIT) on macOS and Windows",
    "soxr": "carries libsoxr (LGPL-2.1-or-later)",
}
"""What the metadata of wheels doesn't say: the libraries inside, as their folders and build notes name them."""
TEXTS = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
MOST_LETTERS = 60
"""Of a licence's name; some packages have its whole text there."""
OF_LICENCES = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Licence:
    """`licence` is an SPDX expression, or what the package calls it; `within` what its wheel carries besides."""

    package: str
    version: str
    licence: str
    within: str


def licences(found: Iterable[Distribution] | None = None) -> list[Licence]:
    """Of all packages that this program can load, or of these; by name."""
    known = {_name(each): each for each in (distributions() if found is None else found)}
    return [
        Licence(name, known[name].version, licence_of(known[name]), WITHIN.get(name, "")) for name in sorted(known)
    ]


def licence_of(package: Distribution) -> str:
    """Its SPDX expression; else what its metadata calls it; where it says nothing, the heading of its licence."""
    about = package.metadata
    classified = [
        each.removeprefix(OF_LICENCES) for each in about.get_all("Classifier") or () if OF_LICENCES in each
    ]
    named = _field(package, "License")
    short = named if len(named) <= MOST_LETTERS and "\n" not in named else ""
    return _field(package, "License-Expression") or short or " AND ".join(classified) or _first_line(package)


def _field(package: Distribution, name: str) -> str:
    return next(iter(package.metadata.get_all(name) or ()), "").strip()


def _first_line(package: Distribution) -> str:
    for _, text in _texts(package):
        heading = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if len(heading) <= MOST_LETTERS:
            return heading
    return "not stated"


def texts_of(name: str) -> Iterator[tuple[str, str]]:
    """The files of a package that hold licences: names and texts. Raises WozError for a package that isn't here."""
    package = next((each for each in distributions() if _name(each) == name.lower()), None)
    if package is None:
        raise WozError(f"There is no package {name} here; woz licences lists them.")
    return _texts(package)


def _texts(package: Distribution) -> Iterator[tuple[str, str]]:
    for file in package.files or ():
        place = Path(str(file.locate()))
        if TEXTS.search(file.name) and file.suffix != ".py" and place.is_file():
            yield str(file), place.read_text(encoding="utf-8", errors="replace")


def _name(package: Distribution) -> str:
    """As package indexes compare them (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()
