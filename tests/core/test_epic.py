"""EPIC-KITCHENS' tables of actions: rows as published, with the faults that the published ones have."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.rich_bundles import TEXTS, S
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.epic import COLUMNS
from woz.formats.spans import END_BEFORE

HEADER = ",".join(COLUMNS)
ROWS = (
    "P03_02_0,P03,P03_02,00:00:04.310,00:00:03.29,00:00:04.26,197,255,put,put,1,box:lunch,23,['box:lunch'],[23]",
    "P03_02_3,P03,P03_02,00:00:13.100,00:00:03.49,00:00:07.18,389,430,pick up box,pick-up,0,box:lunch,23,"
    "\"['box:lunch', 'bin']\",\"[23, 36]\"",
    'P03_02_9,P03,P03_02,,00:01:09.00,00:01:05.500,,,"say ""wait""",wait,,,,[],[]',
    "P07_101_1,P07,P07_101,00:00:02.851,00:00:02.86,01:00:03.87,143,193,open door,open,3,door,3,[door],[3]",
)


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "epic.csv"
    path.write_text("\n".join((header, *rows)) + "\n", newline="")
    return path


def test_rows_are_actions_with_their_narrations(tmp_path: Path) -> None:
    """Rows made up after published ones: overlaps, a narration after its action, an end before its start, a list
    without quotes.
    """
    parts = parts_of("epic", table(tmp_path, *ROWS))
    first, second = bundles_of(parts)
    tiers = {tier.tier_type: first.in_tier(tier) for tier in first.tiers}
    put, pick, wait = tiers["action"]
    assert (put.label, put.start_ns, put.end_ns, put.value("noun")) == (
        "put",
        3_290_000_000,
        4_260_000_000,
        "box:lunch",
    )
    assert [at.value for at in pick.attributes if at.key == "all_nouns"] == ["box:lunch", "bin"]
    assert (wait.start_ns, wait.end_ns, wait.value(END_BEFORE)) == (69 * S, None, 65.5)
    assert [(each.start_ns, each.parent_id) for each in tiers["narration"]] == [
        (4_310_000_000, put.id),
        (13_100_000_000, pick.id),
    ]
    assert (first.session.title, second.session.title, lost_in(parts)) == ("P03_02", "P07_101", {})


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    path = table(tmp_path, *ROWS)
    text = path.read_text()
    bundles = bundles_of(parts_of("epic", path))
    (back,) = written("epic", bundles, tmp_path / "out")
    assert _cells(back) == _cells(path)
    assert lost_by("epic", bundles) == {}
    assert path.read_text() == text


def test_rows_come_back_in_the_files_order_in_whatever_order_its_sessions_are(tmp_path: Path) -> None:
    """Published files go by the ids as texts: 0, 1, 10, 11, 2."""
    path = table(tmp_path, ROWS[2], ROWS[0], ROWS[1], ROWS[3])
    (back,) = written("epic", bundles_of(parts_of("epic", path))[::-1], tmp_path / "out")
    assert _cells(back) == _cells(path)


def _cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_tables_with_fewer_and_further_columns_come_back(tmp_path: Path) -> None:
    header = "uid,narration_id,participant_id,video_id,narration_timestamp,start_timestamp,stop_timestamp"
    path = table(tmp_path, "7,P01_101_0,P1,P01_101,bad,00:00:02.86,00:00:03.870", header=header)
    bundles = bundles_of(parts_of("epic", path))
    (back,) = written("epic", bundles, tmp_path / "out")
    assert _cells(back) == _cells(path)


cells = TEXTS.filter(lambda text: "\r" not in text and "\n" not in text)


@settings(max_examples=scaled(60))
@given(rows=st.lists(st.tuples(*[cells] * 8, st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=4))
def test_any_texts_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]) -> None:
    folder = tmp_path_factory.mktemp("epic")
    names = (
        "narration_id",
        "narration_timestamp",
        "narration",
        "verb",
        "verb_class",
        "noun",
        "all_nouns",
        "start_frame",
    )
    path = folder / "epic.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, ["video_id", "start_timestamp", "stop_timestamp", *names])
        out.writeheader()
        for n, (*texts, start, stop) in enumerate(rows):
            times = {"start_timestamp": _stamp(n, start), "stop_timestamp": _stamp(n, stop)}
            texts[0] = f"{n}{texts[0]}"
            out.writerow({"video_id": "P01_01", **times, **dict(zip(names, texts, strict=True))})
    (back,) = written("epic", bundles_of(parts_of("epic", path)), folder / "out")
    assert _cells(back) == _cells(path)


def _stamp(n: int, micros: object) -> str:
    return f"00:00:{n:02d}.{micros:07d}"


def test_frames_and_classes_are_worked_out_where_nobody_gave_them(tmp_path: Path) -> None:
    row = ROWS[0].replace(",197,255,", ",,,").replace("put,1,", "put,,")
    bundles = bundles_of(parts_of("epic", table(tmp_path, row)))
    for bundle in bundles:
        action = next(each for each in bundle.annotations if each.label == "put")
        assert action.value("start_frame") is None
    plain = [_without_rest(bundle) for bundle in bundles]
    (back,) = written("epic", plain, tmp_path / "out", 59.94)
    (cell,) = _cells(back)
    assert (cell["start_frame"], cell["stop_frame"], cell["verb_class"]) == ("197", "255", "1")


def _without_rest(bundle: SessionBundle) -> SessionBundle:
    return replace(bundle, annotations=tuple(each.with_value("rest", None) for each in bundle.annotations))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start,end,label\n0,1,x\n", "no column video_id"),
        (HEADER + "\n", "no actions"),
        (f"{HEADER}\n{ROWS[0][:-30]}", "cut short: line 2"),
        (f"{HEADER}\n{ROWS[0].replace('00:00:03.29', 'soon')}", "line 2 .*'soon' is no time"),
        (f"{HEADER}\n{ROWS[0].replace('00:00:03.29', '9999999:00:00')}", "is no time"),
        (f"{HEADER}\n{ROWS[0]}\n{ROWS[3]}\n{ROWS[1]}", "P03_02 here and there"),
    ],
)
def test_other_tables_are_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(WozError, match=says):
        parts_of("epic", tmp_path / "x.csv")


def test_a_long_table_is_read_in_bounded_memory(tmp_path: Path) -> None:
    few, many = (peak_of("epic", table(tmp_path, *[ROWS[0]] * count)) for count in (1_000, 10_000))
    assert (few[0], many[0]) == (2_003, 20_003)
    assert many[1] < 1.5 * few[1] + 100_000
