"""Real files through a project and out again: what the database does to them, over both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from tests.core.format_room import bundles_of, parts_of, written
from tests.core.format_values import content
from tests.storage.examples import CLOCK
from woz.formats.bundle import SessionBundle
from woz.lab.annotation_import import Wanted, import_annotations
from woz.lab.exporting import export_bundle
from woz.model.annotation import Annotation


def _through(project: Project, name: str, path: Path) -> SessionBundle:
    (taken,) = import_annotations(project, Wanted(path, name), CLOCK).sessions
    return export_bundle(project, taken.session)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("eaf", "annotations/elan/poio_turkish.eaf"),
        ("textgrid", "annotations/textgrid/bobby_words.TextGrid"),
        ("webvtt", "annotations/subtitles/styles.vtt"),
        ("webvtt", "annotations/subtitles/youtube_dl.vtt"),
        ("srt", "annotations/subtitles/sample.srt"),
        ("stm", "speech/two_person_call.stm"),
        ("rttm", "speech/ami_dev00.rttm"),
    ],
)
def test_a_real_file_leaves_a_project_as_it_came(
    name: str, place: str, project: Project, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / place
    bundle = _through(project, name, path)
    (out,) = written(name, [bundle], tmp_path)
    (came,), (left,) = bundles_of(parts_of(name, path)), bundles_of(parts_of(name, out))
    assert content(left) == content(came)
    assert _in_order(left) == _in_order(came) == _in_order(bundle)


def _in_order(bundle: SessionBundle) -> list[list[str]]:
    """The labels of each tier: what has no time has its order alone."""

    def text(each: Annotation) -> str:
        return each.label + repr(each.value("text") or each.note)

    return [[text(each) for each in bundle.in_tier(tier)] for tier in bundle.tiers]
