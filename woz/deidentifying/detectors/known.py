"""The detectors that can be asked for by name."""

from __future__ import annotations

from pathlib import Path

from woz.base.errors import WozError
from woz.deidentifying.detectors.apart import BLUR, Apart
from woz.deidentifying.detectors.centerface import LARGEST, NAME, CenterFace
from woz.deidentifying.detectors.egoblur import EgoBlur
from woz.deidentifying.detectors.port import Detector
from woz.parts.place import in_own_environment, made


def detector(name: str, models: Path, largest: int = LARGEST) -> Detector:
    """`centerface` from the folder of models, or EgoBlur by the path of its .jit file.

    Raises WozError for another name, and where the model isn't there or can't be used.
    """
    if name == NAME:
        return CenterFace(models / NAME, largest)
    if name.endswith(".jit"):
        apart = not in_own_environment(BLUR.modules) and made(BLUR) is not None
        return Apart(Path(name)) if apart else EgoBlur(Path(name))
    raise WozError(f"There is no detector {name}; take {NAME}, or the path of an EgoBlur model (.jit).")
