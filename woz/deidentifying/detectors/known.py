"""The detectors that can be asked for by name: CenterFace, EgoBlur's files, and what installed packages bring.

A package adds one, of plates say, in its metadata, in the group `woz.detectors`, as NAME = "module:function"; the
function gets the folder of models, and gives a `woz.deidentifying.detectors.port.Detector`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from woz.base.errors import WozError
from woz.base.plugins import loaded, plugins
from woz.deidentifying.detectors.apart import BLUR, Apart
from woz.deidentifying.detectors.centerface import LARGEST, NAME, CenterFace
from woz.deidentifying.detectors.egoblur import EgoBlur
from woz.deidentifying.detectors.port import Detector, DetectorFacts, Found, Picture
from woz.parts.place import in_own_environment, made

GROUP = "woz.detectors"
SCRIPTED = (".jit", ".pt", ".torchscript")


class Several:
    """What any of them finds: faces by one, plates by another."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = detectors

    @property
    def facts(self) -> DetectorFacts:
        """One hash of all their hashes."""
        each = [detector.facts for detector in self._detectors]
        digest = hashlib.sha256("".join(facts.weights_sha256 for facts in each).encode()).hexdigest()
        return DetectorFacts(
            " + ".join(facts.name for facts in each), " + ".join(facts.version for facts in each), digest
        )

    def find(self, picture: Picture, least: float) -> list[Found]:
        return [found for detector in self._detectors for found in detector.find(picture, least)]


def detector(name: str, models: Path, largest: int = LARGEST) -> Detector:
    """`centerface` from the folder of models, EgoBlur by the path of its file, a package's by its name.

    Raises WozError for another name, and where the model isn't there or can't be used.
    """
    if name == NAME:
        return CenterFace(models / NAME, largest)
    if name.endswith(SCRIPTED):
        apart = not in_own_environment(BLUR.modules) and made(BLUR) is not None
        return Apart(Path(name)) if apart else EgoBlur(Path(name))
    others = plugins(GROUP, {})
    if name in others:
        brought: Detector = loaded(others[name].place, "detector")(models)
        return brought
    known = ", ".join((NAME, *others))
    raise WozError(f"There is no detector {name}; take {known}, or the path of an EgoBlur model (.jit).")


def detectors(names: Sequence[str], models: Path, largest: int = LARGEST) -> Detector:
    """All of these as one. Raises WozError as `detector` does."""
    found = [detector(name, models, largest) for name in names]
    return found[0] if len(found) == 1 else Several(found)
