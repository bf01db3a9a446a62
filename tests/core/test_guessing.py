"""Which format a file is, by its ending and, where several end so, by its beginning."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.core.test_egoexo import ALONE, ATOMIC_FILE, DEMONSTRATIONS, KEYSTEP_FILE
from woz.base.errors import WozError
from woz.formats.guessing import format_of, formats_in

ACTIVITYNET = {
    "version": "1",
    "database": {"v": {"duration": 9, "annotations": [{"segment": [0, 5], "label": "cut"}]}},
}
LABEL_STUDIO = [{"id": 1, "data": {"video": "a.mp4"}, "annotations": []}]
EPIC_HEAD = (
    "narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,"
    "narration,verb,verb_class,noun,noun_class,all_nouns,all_noun_classes"
)
EPIC_ROW = "P01_01_0,P01,P01_01,00:00:01.0,00:00:00.1,00:00:03.3,8,202,open door,open,3,door,3,['door'],[3]"
EPIC = f"{EPIC_HEAD}\n{EPIC_ROW}\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("activitynet", ACTIVITYNET),
        ("label-studio", LABEL_STUDIO),
        ("egoexo4d-keysteps", KEYSTEP_FILE),
        ("egoexo4d-atomic", ATOMIC_FILE),
        ("egoexo4d-commentary", ALONE),
        ("egoexo4d-proficiency", DEMONSTRATIONS),
    ],
)
def test_a_json_file_is_known_by_its_beginning(tmp_path: Path, name: str, content: object) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert format_of(path) == name


@pytest.mark.parametrize("folder", ["holoassist", "captaincook4d"])
def test_real_files_under_a_plain_name_are_known(tmp_path: Path, shared_data: Path, folder: str) -> None:
    real = sorted((shared_data / "annotations" / folder).rglob("*.json"), key=lambda path: path.stat().st_size)
    known = [path for path in real if path.name.startswith(("R", "z", "step_annotations", "error_annotations"))][:2]
    assert known
    for number, each in enumerate(known):
        path = tmp_path / f"{number}.json"
        shutil.copy(each, path)
        assert format_of(path) == folder


@pytest.mark.parametrize(
    ("name", "text"),
    [("epic", EPIC), ("csv", "start,end,label\n0,1.5,cut\n"), ("csv", "onset;duration;code\n1;2;stir\n")],
)
def test_a_table_is_known_by_its_columns(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    assert format_of(path) == name


def test_what_is_none_of_them_is_said_with_the_list(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(WozError, match=r"ends as activitynet, .* do, and is none of them; name the format"):
        format_of(path)
    with pytest.raises(WozError, match="ending of no format"):
        format_of(tmp_path / "x.docx")
    assert formats_in(tmp_path / "away.json") > ("activitynet",)
