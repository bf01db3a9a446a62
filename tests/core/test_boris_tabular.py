"""Aggregated events of BORIS: as it exports them in two versions, and sessions written so."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.core.format_room import bundles_of, lost_by, parts_of, written
from tests.core.rich_bundles import S, rich
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.spans import END_BEFORE

OLDER = (
    "Observation id\tObservation date\tDescription\tMedia file\tTotal length\tFPS\tage\tSubject\tBehavior\t"
    "Behavioral category\tModifiers\tBehavior type\tStart (s)\tStop (s)\tDuration (s)\tComment start"
    "\tComment stop\n"
    "P01\t2024-01-02\tfirst\ta.mp4\t60\t25\t34\tNo focal subject\treach\t\t\tSTATE\t1.800\t8.125\t6.325\tx\ty\n"
    "P01\t2024-01-02 03:04:05\tfirst\ta.mp4\t60\t25\t34\tleft\tlook\tgaze\tfine|None\tPOINT\t2.000\t2.000\tNA\t\t\n"
    "P02\t2024-01-02 03:04:05\tfirst\ta.mp4\t60\t25\t\tleft\treach\t\t\tSTATE\t5\t4\t-1\t\t\n"
)
NEWER = (
    "Observation id,Subject,Behavior,Behavioral category,Modifier #1,Modifier #2,Behavior type,Start (s),Stop (s),"
    "Image index start,Image index stop\n"
    "P01,left,grip,hand,,2.5,STATE,3.2,NA,80,NA\n"
)


def test_tables_as_boris_exports_them(tmp_path: Path) -> None:
    """Made up after what versions 7 and 9 write, with an end before its start and a state that never stops."""
    (tmp_path / "older.tsv").write_text(OLDER)
    first, second = bundles_of(parts_of("boris-tabular", tmp_path / "older.tsv"))
    reach, look = first.annotations
    assert (reach.start_ns, reach.end_ns, reach.note, reach.value("comment_stop")) == (
        1_800_000_000,
        8_125_000_000,
        "x",
        "y",
    )
    assert (look.start_ns, look.end_ns, look.value("modifier 1"), look.value("age")) == (2 * S, None, "fine", 34)
    assert [(tier.name, tier.tier_type, tier.subject) for tier in first.tiers] == [
        ("behaviors", "behaviors", ""),
        ("gaze of left", "gaze", "left"),
    ]
    assert second.annotations[0].value(END_BEFORE) == 4.0
    (tmp_path / "newer.csv").write_text(NEWER)
    (third,) = bundles_of(parts_of("boris-tabular", tmp_path / "newer.csv"))
    (grip,) = third.annotations
    assert (grip.value("unpaired"), grip.value("modifier 2"), grip.value("frame")) == (True, 2.5, 80)
    for bundles in ([first, second], [third]):
        (path,) = written("boris-tabular", bundles, tmp_path)
        back = bundles_of(parts_of("boris-tabular", path))
        assert [_facts(each) for each in back] == [_facts(each) for each in bundles]


def _facts(bundle: SessionBundle) -> list[Any]:
    """Without the names of attributes, which the table has no place for."""
    found = []
    for tier in bundle.tiers:
        for each in bundle.in_tier(tier):
            values = sorted(repr((at.value, at.note, at.place)) for at in each.attributes)
            label = bundle.label_name(tier, each.label)
            found.append((tier.tier_type, tier.subject, label, each.start_ns, each.end_ns, each.note, values))
    return sorted(found, key=repr)


@given(bundle=rich())
def test_all_with_a_time_comes_back(tmp_path_factory: pytest.TempPathFactory, bundle: SessionBundle) -> None:
    (path,) = written("boris-tabular", [bundle], tmp_path_factory.mktemp("boris"))
    timed = [each for each in bundle.annotations if each.start_ns is not None]
    with path.open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(timed)
    assert lost_by("boris-tabular", [bundle]).get("annotations without a time", 0) == len(bundle.annotations) - len(
        timed
    )
    if timed:
        (back,) = bundles_of(parts_of("boris-tabular", path))
        assert [fact[:6] for fact in _facts(back)] == [fact[:6] for fact in _facts(bundle) if fact[3] is not None]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start,end,label\n0,1,x\n", "no column 'Observation id'"),
        (OLDER[:-30], "it has 9 cells|line 4"),
        (NEWER.replace("3.2", "soon"), "'soon' is no time"),
        (NEWER.replace("3.2", "1e999"), "is no time"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(WozError, match=says):
        parts_of("boris-tabular", tmp_path / "x.csv")
