"""A segmentation scored over several videos, from label files, with what is wrong with them told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.cli import main
from woz.annotation.measures.frame_files import RESULT_HEAD, paired_folders, read_frames
from woz.annotation.measures.segmentation_scores import segmentation_scores
from woz.base.errors import WozError


def test_frames_and_segments_of_all_videos_count_together() -> None:
    """Accuracy and F1 are pooled, the edit score is a mean of videos."""
    found = segmentation_scores({"a": ("aaaabbbbcc..", "aabbbbbbca.."), "b": ("aabb", "aabb")}, ".")
    assert found.accuracy == pytest.approx(13 / 16)
    assert found.edit == pytest.approx((0.75 + 1) / 2)
    assert found.f1 == {10: pytest.approx(10 / 11), 25: pytest.approx(10 / 11), 50: pytest.approx(10 / 11)}
    assert (found.videos, found.frames) == (2, 16)


def test_a_reference_without_segments_is_named_and_breaks_nothing() -> None:
    found = segmentation_scores({"a": ("....", "..aa"), "b": ("aa", "aa")}, ".")
    assert found.without_segments == ("a",)
    assert found.edit == 1
    assert found.f1[50] == pytest.approx(2 / 3)
    assert segmentation_scores({}).accuracy is None


def _write(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def test_label_files_and_results_are_read(tmp_path: Path) -> None:
    reference = _write(tmp_path / "reference", one="a\na\nb\n")
    predicted = tmp_path / "predicted"
    predicted.mkdir()
    (predicted / "one").write_text(f"{RESULT_HEAD}\na b b")
    assert paired_folders(reference, predicted) == {"one": (["a", "a", "b"], ["a", "b", "b"])}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"one": "a\nb\n"}, "3 frames in the reference and 2"),
        ({}, "lacks 1 of the videos, one"),
        ({"one": "a\na\nb\n", "two": "a\n"}, "lacks 1 of the videos, two"),
        ({"one": "a\n\nb\n"}, "one a frame"),
    ],
)
def test_no_figure_from_a_part_of_the_data(tmp_path: Path, files: dict[str, str], words: str) -> None:
    reference = _write(tmp_path / "reference", one="a\na\nb\n")
    with pytest.raises(WozError, match=words):
        paired_folders(reference, _write(tmp_path / "predicted", **files))


def test_what_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(WozError, match="no text in UTF-8"):
        read_frames(tmp_path / "x.txt")
    with pytest.raises(WozError, match="no folder"):
        paired_folders(tmp_path / "nowhere", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(WozError, match="no label files"):
        paired_folders(tmp_path / "empty", tmp_path)


def test_the_command_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reference = _write(tmp_path / "reference", one="a\na\nb\n.\n")
    predicted = _write(tmp_path / "predicted", one="a\na\nb\n.\n")
    command = ["evaluate", "segments", str(reference), str(predicted), "--background", "."]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accuracy"], found["edit"], found["f1"]) == (1, 1, {"10": 1, "25": 1, "50": 1})
    assert main(command) == 0
    assert "F1@50     100.00 %" in capsys.readouterr().out
