"""Annotations as CSV, for programs and for spreadsheets: all comes back; and other programs' tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.rich_bundles import DIRTY, SID, TEXTS, VALUES, S, plain, rich, session_bundle
from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.reading import Cancelled, Reading
from woz.formats.spans import END_BEFORE
from woz.formats.tables.annotations import guarded, unguarded
from woz.formats.values import cell_of, values_of
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, LinkId, SchemeId, SessionId, TierId, TurnId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.scheme import AttributeType, Choice, Label, Scheme, TierType, ValueKind
from woz.model.tier import Tier

MADE = Made(Origin.MANUAL, "woz")
TIER = Tier(TierId("t"), SID, SchemeId("s"), 1, "acts", "Acts", MADE)


def made(at: str, start_ns: int | None = 0, end_ns: int | None = S, label: str = "a", **more: object) -> Annotation:
    return Annotation(AnnotationId(at), TIER.id, start_ns, end_ns, label, MADE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["csv", "spreadsheet"])
@given(bundle=rich())
def test_all_comes_back(tmp_path_factory: pytest.TempPathFactory, name: str, bundle: SessionBundle) -> None:
    folder = tmp_path_factory.mktemp("csv")
    (path,) = written(name, [bundle], folder)
    parts = parts_of(name, path)
    (back,) = bundles_of(parts)
    assert plain(back) == plain(bundle)
    assert lost_in(parts) == {}


@given(st.lists(st.builds(Attribute, st.just("k"), VALUES, TEXTS, TEXTS), max_size=4))
def test_a_cell_holds_any_values(values: list[Attribute]) -> None:
    back = values_of("k", cell_of(values))
    assert list(back) == values
    assert [type(each.value) for each in back] == [type(each.value) for each in values]


@given(TEXTS | DIRTY)
def test_a_guard_is_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-A1", "@x", "\tx", "'=1"])
def test_a_formula_is_guarded_in_the_spreadsheet_alone(tmp_path: Path, text: str) -> None:
    bundle = session_bundle((TIER,), (made("a", note=text),), ())
    (sheet,) = written("spreadsheet", [bundle], tmp_path)
    (table,) = written("csv", [bundle], tmp_path)
    assert sheet.read_bytes().startswith("\ufeff".encode())
    notes = [
        next(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))["note"]
        for path in (sheet, table)
    ]
    assert notes == ["'" + text, text]


def test_the_same_sessions_make_the_same_bytes_and_a_chosen_scheme_keeps_its_labels(tmp_path: Path) -> None:
    labels = (Label(LabelId("0f3c"), "pick", {"en": "Pick up", "de": "Nehmen"}),)
    hand = AttributeType("hand", ValueKind.CHOICE, {"en": "Hand"}, (Choice("l", {"en": "Left"}),))
    scheme = Scheme(SchemeId("s"), "Acts", 1, (TierType("acts", labels=labels, attributes=(hand,)), TierType("o")))
    bundle = session_bundle((TIER,), (made("a", label="0f3c").with_value("hand", "l"),), (scheme,))
    (path,) = written("csv", [bundle], tmp_path)
    text = path.read_bytes()
    assert written("csv", [bundle], tmp_path)[0].read_bytes() == text
    (back,) = bundles_of(parts_of("csv", path, scheme=scheme))
    assert (back.tiers[0].scheme_id, back.annotations[0].label) == ("s", "0f3c")
    (tmp_path / "plain.csv").write_text("Onset,Offset,Label,hand,layer\n0,1,nehmen,LEFT,acts\n")
    (other,) = bundles_of(parts_of("csv", tmp_path / "plain.csv", scheme=scheme))
    assert (other.tiers[0].scheme_id, other.annotations[0].label) == ("s", "0f3c")
    assert other.annotations[0].value("hand") == "l"
    derived = [bundles_of(parts_of("csv", tmp_path / "plain.csv"))[0].tiers[0].scheme_id for _ in range(2)]
    assert derived[0] == derived[1] != "s"


def test_what_a_table_can_t_hold_is_counted() -> None:
    link = Link(LinkId("l"), SID, "answers", ItemRef("turn", TurnId("x")), ItemRef("annotation", "a"), MADE)
    derived = Made(Origin.DERIVED, "woz", sources=(Source(ItemRef("turn", "x")),))
    first = Annotation(AnnotationId("a"), TIER.id, 0, S, "a", derived)
    assert lost_by("csv", [session_bundle((TIER,), (first,), (), (link,))]) == {
        "links from or to what is no annotation": 1,
        "notes of what an item was derived from": 1,
    }


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("start,end,label\n0.5,1.25,x\n", [(S // 2, 1_250_000_000)]),
        ("start_ms;end_ms;Code\r\n500;1250,5;x\r\n", [(S // 2, 1_250_500_000)]),
        (
            "Begin Time - hh:mm:ss.ms\tEnd Time - hh:mm:ss.ms\tValue\n00:00:00.500\t00:01:02.000\tx\n",
            [(S // 2, 62 * S)],
        ),
        ("onset\tduration\ttrial_type\n0.5\t0.75\tx\n1\tn/a\tx\n", [(S // 2, 1_250_000_000), (S, None)]),
        ("label,start_timestamp\nx,1:00:00,\n\nx,\n", [(3600 * S, None), (None, None)]),
        ("tmin,tier,text,tmax\n1,words,x,2\n", [(S, 2 * S)]),
    ],
    ids=["seconds", "milliseconds", "elan", "bids", "clock", "praat"],
)
def test_tables_of_other_programs(tmp_path: Path, text: str, spans: list[tuple[int | None, int | None]]) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, newline="")
    (bundle,) = bundles_of(parts_of("csv", path))
    assert [(each.start_ns, each.end_ns) for each in bundle.annotations] == spans
    assert {each.label for each in bundle.annotations} == {"x"}


def test_dirty_values_of_another_program_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "dirty.csv"
    path.write_text(
        "video,start,end,label,rater,score,ok,count,id\n"
        "v1,5,3,backwards, K,0.5,true,007,1\n"
        "v1,1,9,over,,1,,1e999,1\n"
        "v1,2,3,over,,,,99999999999999999999999,\n"
        "v2,0,1,over,,,,3,\n"
    )
    first, second = bundles_of(parts_of("csv", path))
    backwards, over, third = first.annotations
    assert (backwards.start_ns, backwards.end_ns, backwards.value(END_BEFORE)) == (5 * S, None, 3.0)
    assert (backwards.value("rater"), backwards.value("ok"), backwards.value("count")) == (" K", True, "007")
    assert (backwards.confidence, over.value("count")) == (0.5, "1e999")
    assert third.value("count") == "99999999999999999999999"
    assert second.annotations[0].value("count") == 3
    assert first.tiers[0].scheme_id == second.tiers[0].scheme_id


def test_references_to_what_isn_t_there_are_told(tmp_path: Path) -> None:
    (path,) = written(
        "csv", [session_bundle((TIER,), (made("a"), made("b", parent_id=AnnotationId("a"))), ())], tmp_path
    )
    header, first, second = path.read_text().splitlines()
    path.write_text("\n".join((header, second, first)))
    parts = parts_of("csv", path)
    parent, child = (part for part in parts if isinstance(part, Annotation))
    assert (child.parent_id, lost_in(parts)) == (parent.id, {})
    path.write_text("\n".join((header, second)))
    parts = parts_of("csv", path)
    assert lost_in(parts) == {"parents that are not in the file": 1}
    path.write_text("\n".join((header, first, first, second)))
    assert lost_in(parts_of("csv", path)) == {"ids that stand in the file again": 1}


@pytest.mark.parametrize("linked", [True, False])
def test_links_of_many_sessions_are_read_in_one_more_pass(
    tmp_path: Path, linked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = (ItemRef("annotation", "a"), ItemRef("annotation", "b"))
    links = (Link(LinkId("l"), SID, "before", *ends, MADE),) if linked else ()
    one = replace(session_bundle((TIER,), (made("a"), made("b", 2 * S, 3 * S)), ()), links=links)
    bundles = [replace(one, session=replace(one.session, id=SessionId(f"{SID}{n}"))) for n in range(5)]
    first, *others = [path.read_text().splitlines() for path in written("csv", bundles, tmp_path)]
    path = tmp_path / "all.csv"
    path.write_text("\n".join([*first, *(line for _, *lines in others for line in lines)]))
    opened, as_it_is, told = list[Path](), Reading.lines, list[float]()

    def counted(reading: Reading, path: Path | None = None, keep_ends: bool = False) -> Iterator[str]:
        opened.append(reading.path)
        return as_it_is(reading, path, keep_ends)

    monkeypatch.setattr(Reading, "lines", counted)

    def tell(done: float) -> bool:
        told.append(done)
        return True

    parts = parts_of("csv", path, progress=tell)
    assert [len(each.links) for each in bundles_of(parts)] == [int(linked)] * 5
    assert len(opened) == 2 + linked
    assert told == sorted(told)
    assert told[-1] == 1


def _whole(folder: Path) -> str:
    (path,) = written("csv", [session_bundle((TIER,), (made("a"), made("b", note="long note")), ())], folder)
    return path.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CUT", "line 3"),
        ("", "no column for the start"),
        ("start,label\n", "no rows"),
        ('{"a": [1, 2]}', "no column for the start"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n", "no column for the start"),
        ("start,end,label\n0,1,x\nlater,1,x\n", "line 3 .*'later' is no time"),
        ("start,end,label\n1e400,1,x\n", "line 2 .*is no time"),
        ("start,end,label\n,1,x\n", "an end and no start"),
        ("start,end,label,confidence\n0,1,x,1e999\n", "no confidence"),
        ('start,end,label\n0,1,"cut', "no whole table: line 2"),
        ("video,start,label\na,0,x\nb,0,x\na,1,x\n", "rows of a here and there"),
        ("start,label\n0," + "x" * 1_100_000, "million characters"),
    ],
)
def test_bad_tables_are_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(_whole(tmp_path)[:-20] if text == "CUT" else text)
    with pytest.raises(WozError, match=says) as refused:
        parts_of("csv", path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("raw", ["start,label\n0,é\n".encode("cp1252"), b"\x1aE\xdf\xa3\x00\xff", b"\xff\xfe\x00"])
def test_another_encoding_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "bad.csv").write_bytes(raw)
    with pytest.raises(WozError):
        parts_of("csv", tmp_path / "bad.csv")


def test_utf_16_with_its_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes("start\tlabel\n0\té\n".encode("utf-16"))
    (bundle,) = bundles_of(parts_of("csv", tmp_path / "excel.csv"))
    assert bundle.annotations[0].label == "é"


def test_a_long_table_is_read_in_bounded_memory_and_stops_when_asked(tmp_path: Path) -> None:
    def table(count: int) -> Path:
        path = tmp_path / f"{count}.csv"
        with path.open("w") as out:
            out.write("start,end,label,who\n")
            out.writelines(f"{n},{n + 1},l{n % 20},p{n % 3}\n" for n in range(count))
        return path

    few, few_bytes = peak_of("csv", table(1_000))
    many, many_bytes = peak_of("csv", table(10_000))
    assert (few, many) == (1_002, 10_002)
    assert many_bytes < 1.5 * few_bytes + 100_000
    with pytest.raises(Cancelled):
        parts_of("csv", table(10_000), progress=lambda done: done < 0.5)
