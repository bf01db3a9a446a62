"""What a heavy part's environment holds is enough for the modules of woz that run in it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from woz.parts.known import part_named

RUN = {
    "names": ["woz.privacy.names.apart", "woz.privacy.names.by_spacy"],
    "blur": ["woz.deidentifying.detectors.apart", "woz.deidentifying.detectors.egoblur"],
    "speech": [
        "woz.transcription.worker",
        "woz.transcription.fetching",
        "woz.transcription.diagnosis",
        "woz.transcription.scoring",
    ],
}
ALONE = """
import importlib, re, sys
from importlib.metadata import packages_distributions

plain = lambda name: re.sub(r"[-_.]+", "-", name).lower()
pinned = {plain(line.split("==")[0].split("[")[0]) for line in open(sys.argv[1]) if "==" in line}
owners = packages_distributions()


class Pinned:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in owners and top != "woz" and not pinned & {plain(each) for each in owners[top]}:
            raise ModuleNotFoundError(f"no {top} in the pins", name=top)


sys.meta_path.insert(0, Pinned())
for module in sys.argv[2:]:
    importlib.import_module(module)
"""


@pytest.mark.parametrize("name", RUN)
def test_its_pins_are_enough(name: str) -> None:
    part = part_named(name)
    if not all(importlib.util.find_spec(module.partition(".")[0]) for module in part.modules):
        pytest.skip(f"what the part {name} brings is not installed here")
    command = [sys.executable, "-c", ALONE, str(part.pins), *RUN[name]]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-600:]
