"""Whoever annotated leaves by the project's pseudonym in every format, never by the database's id."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.test_exports import STEP, STEPS, bundle, export_session  # noqa: F401
from woz.formats.bundle import SessionBundle
from woz.formats.registry import writers
from woz.model.ids import AnnotatorId
from woz.model.made import Made
from woz.model.origin import Origin

ADA = AnnotatorId("5f3e9a")
MADE = Made(Origin.MANUAL, ADA, 7)
SAYS_WHO = {"csv", "eaf"}
NEED_MORE = {"label-studio", "ms-tcn", "procedure-understanding", "timesync"}
"""A view, a frame rate, or a procedure."""
FORMATS = sorted(name for name, each in writers().items() if not each.scheme and name not in NEED_MORE)


@pytest.mark.parametrize("whose", [ADA, None], ids=["a tier of theirs", "a tier that they made for all"])
@pytest.mark.parametrize("name", FORMATS)
def test_who_annotated_leaves_by_pseudonym(
    bundle: SessionBundle,  # noqa: F811
    tmp_path: Path,
    name: str,
    whose: AnnotatorId | None,
) -> None:
    tier, step = replace(STEPS, made=MADE, annotator_id=whose), replace(STEP, made=MADE)
    theirs = replace(bundle, tiers=(tier,), annotations=(step,), pseudonyms={ADA: "A07"})
    written = [file for file in export_session(theirs, tmp_path / "out", [name]) if file.is_file()]
    assert written
    texts = [file.read_bytes() for file in written]
    assert not any(ADA.encode() in text for text in texts)
    assert name not in SAYS_WHO or any(b"A07" in text for text in texts)
