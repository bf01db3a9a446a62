"""Praat's TextGrids, in and out: both forms, real files, any session, and the field's own reader."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from praatio import textgrid

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.format_values import MADE, SCHEME, SID, TID, S, bundle_of, bundles, content
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, SchemeId, TierId, TurnId
from woz.model.people import Role
from woz.model.scheme import Label, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Turn, Word

SESSION = Session(SID, "t", SessionState.CLOSED, 0, 10 * S)
SHORT = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n1\n'
SHORT += '"IntervalTier"\n"a"\n0\n2\n1\n0\n2\n"x"\n'


def _seen(path: Path) -> list[tuple[object, ...]]:
    """Tiers, bounds and items by praatio; times to the ns."""
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True)
    tiers = ((each.name, *_bounds(each), [tuple(map(_ns, entry)) for entry in each.entries]) for each in grid.tiers)
    return [_bounds(grid), *tiers]


def _bounds(found: Any) -> tuple[object, object]:
    return _ns(found.minTimestamp), _ns(found.maxTimestamp)


def _ns(value: object) -> object:
    return round(value, 9) if isinstance(value, float) else value


@pytest.mark.parametrize("name", ["bobby_words", "mary", "mary_longfile"])
def test_real_files_come_back_equal_to_the_ns(name: str, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "annotations/textgrid" / f"{name}.TextGrid"
    parts = parts_of("textgrid", path)
    assert not lost_in(parts)
    (out,) = written("textgrid", bundles_of(parts), tmp_path)
    assert _seen(out) == _seen(path)
    (again,) = written("textgrid", bundles_of(parts_of("textgrid", out)), tmp_path / "again")
    assert again.read_bytes() == out.read_bytes()


def _plain(text: str) -> str:
    return text.replace("\r", "")


def _held(bundle: SessionBundle) -> SessionBundle:
    """Of any session what a TextGrid holds: no parents, links, empty labels, or times without a length."""
    own: dict[str, Any] = {"scheme_id": SchemeId("textgrid"), "scheme_version": 1, "subject": "", "parent_id": None}
    tiers = tuple(replace(tier, name=f"t{number}", **own) for number, tier in enumerate(bundle.tiers))
    points = {tier.id for tier in bundle.tiers if tier.tier_type == "tips"}
    tiers = tuple(replace(t, tier_type="points" if t.id in points else "intervals") for t in tiers)
    annotations = tuple(
        replace(
            each,
            label=_plain(each.label) or "x",
            note=_plain(each.note),
            parent_id=None,
            attributes=tuple(
                replace(a, note=_plain(a.note), place=_plain(a.place)) for a in each.attributes if a.key != "member"
            ),
        )
        for each in bundle.annotations
        if each.start_ns is not None and each.end_ns != each.start_ns
    )
    said = tuple(
        replace(turn, text=_plain(turn.text) or "x", translation=_plain(turn.translation), words=())
        for turn in bundle.turns
        if turn.interval
    )
    used = {each.tier_id for each in annotations}
    tiers = tuple(tier for tier in tiers if tier.id in used)
    return replace(bundle, tiers=tiers, annotations=annotations, turns=said, links=())


@settings(
    max_examples=scaled(60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(drawn=bundles())
def test_any_session_comes_back_but_for_what_is_told(drawn: SessionBundle, tmp_path: Path) -> None:
    bundle = replace(_held(drawn), schemes={})
    assert not lost_by("textgrid", [bundle])
    (path,) = written("textgrid", [bundle], tmp_path)
    first = path.read_bytes()
    (back,) = bundles_of(parts_of("textgrid", path))
    seen, wanted = content(back), content(bundle)
    assert seen["turns"] == wanted["turns"]
    assert _untyped(seen["annotations"]) == _untyped(wanted["annotations"])
    written("textgrid", [bundle], tmp_path)
    assert path.read_bytes() == first


def _untyped(found: Counter[str]) -> Counter[str]:
    """A tier of points could hold intervals, too, which a file can't say; its bounds are in a tier of their own."""
    items = {text: count for text, count in found.items() if "'textgrid-document'" not in text}
    return Counter({text.replace("'points'", "'intervals'"): count for text, count in items.items()})


@settings(
    max_examples=scaled(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(bundle=bundles())
def test_whatever_is_written_tiles_without_gaps_and_can_be_read(bundle: SessionBundle, tmp_path: Path) -> None:
    (path,) = written("textgrid", [bundle], tmp_path)
    parts_of("textgrid", path)
    (path,) = written("textgrid", [_for_praatio(bundle)], tmp_path)
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True, duplicateNamesMode="error")
    for tier in grid.tiers:
        if isinstance(tier, textgrid.IntervalTier):
            edges = [(entry.start, entry.end) for entry in tier.entries]
            assert edges[0][0] == grid.minTimestamp
            assert edges[-1][1] == grid.maxTimestamp
            assert all(one[1] == other[0] for one, other in pairwise(edges))
            assert all(start < end for start, end in edges)


def _for_praatio(bundle: SessionBundle) -> SessionBundle:
    """praatio reads neither times before 0, nor quotes and line breaks in names and texts, which Praat does."""

    def plain(text: str) -> str:
        return " ".join(text.replace('"', "").split())

    return replace(
        bundle,
        tiers=tuple(replace(tier, name=plain(tier.name)) for tier in bundle.tiers),
        annotations=tuple(
            replace(each, label=plain(each.label), note="", attributes=())
            for each in bundle.annotations
            if each.start_ns is None or each.start_ns >= 0
        ),
        turns=tuple(
            replace(turn, text="x", translation="", said=None, words=())
            for turn in bundle.turns
            if turn.interval.start_ns >= 0
        ),
        schemes={},
    )


def _steps(*spans: tuple[int | None, int | None, str]) -> SessionBundle:
    tier = Tier(TierId("t"), SID, SCHEME.id, SCHEME.version, "coarse", "Steps", MADE)
    annotations = tuple(
        Annotation(AnnotationId(f"{n}"), tier.id, start, end, label, MADE)
        for n, (start, end, label) in enumerate(spans)
    )
    return bundle_of(SESSION, None, (), (tier,), annotations)


def test_overlapping_items_and_points_have_further_tiers_and_are_put_together_again(tmp_path: Path) -> None:
    bundle = _steps((0, 4 * S, "cut"), (2 * S, 6 * S, "l2"), (3 * S, None, "cut"), (3 * S, None, "x"))
    (path,) = written("textgrid", [bundle], tmp_path)
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False)
    assert grid.tierNames == ("Steps", "Steps ~2", "Steps (points)", "Steps (points) ~2")
    (back,) = bundles_of(parts_of("textgrid", path))
    assert [tier.name for tier in back.tiers] == ["Steps"]
    assert Counter((each.start_ns, each.end_ns, each.label) for each in back.annotations) == Counter(
        [(0, 4 * S, "Cut"), (2 * S, 6 * S, 'Stir <"&"> pour'), (3 * S, None, "Cut"), (3 * S, None, "x")]
    )


def test_turns_words_voices_and_translations_come_back(tmp_path: Path) -> None:
    one = Word("Take", Interval(S, S + 1), 0.5, True)
    words = (one, Word("it", Interval(S + 1, 2 * S), None, False, "time spread"))
    said = (
        Turn(TurnId("1"), TID, Role.EXPERT, Interval(S, 2 * S), "Take it", None, words),
        Turn(TurnId("2"), TID, Role.EXPERT, Interval(S, 3 * S), "No", voice="Bo", checked=True, translation="Nein"),
        Turn(TurnId("3"), TID, Role.OTHER, Interval(S, 3 * S), "Hi", voice="Anna"),
    )
    bundle = bundle_of(SESSION, None, said)
    assert not lost_by("textgrid", [bundle])
    (path,) = written("textgrid", [bundle], tmp_path)
    names = textgrid.openTextgrid(str(path), includeEmptyIntervals=False).tierNames
    assert set(names) >= {"expert (turns)", "expert (words)", "expert: Bo (turns)", "Anna (turns)"}
    (back,) = bundles_of(parts_of("textgrid", path))
    assert content(back)["turns"] == content(bundle)["turns"]


def test_what_a_textgrid_can_t_hold_is_counted() -> None:
    bundle = _steps((None, None, "cut"), (S, S, "cut"), (S, 2 * S, ""))
    assert lost_by("textgrid", [bundle]) == {
        "items without a time": 1,
        "intervals without a length": 1,
        "items without a label": 1,
    }
    words = (Word("a", Interval(S, 2 * S)),)
    turn = Turn(TurnId("1"), TID, Role.EXPERT, Interval(0, S), "a", None, words)
    assert lost_by("textgrid", [bundle_of(SESSION, None, (turn,))]) == {
        "words outside their turn, over others, or without a length or a text": 1
    }


def test_a_chosen_scheme_s_labels_are_found_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "x.TextGrid"
    path.write_text(SHORT)
    label = Label(LabelId("l"), "key", {"en": "x"})
    mine = Scheme(SchemeId("m"), "M", 2, (TierType("a", labels=(label,)),))
    (bundle,) = bundles_of(parts_of("textgrid", path, scheme=mine))
    assert [(tier.scheme_id, tier.tier_type) for tier in bundle.tiers] == [("m", "a")]
    assert [each.label for each in bundle.annotations] == ["l"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_texts_over_lines_with_quotes_come_in_from_any_of_praat_s_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.TextGrid"
    text = SHORT.replace('"x"', '"ein ""Wort""\nund ß" ! a comment "with" quotes')
    code, bom = encoding.removesuffix("-bom"), b""
    if encoding.endswith("-bom"):
        bom = b"\xff\xfe" if "le" in encoding else b"\xfe\xff"
    path.write_bytes(bom + text.encode(code))
    (bundle,) = bundles_of(parts_of("textgrid", path))
    assert [each.label for each in bundle.annotations] == ['ein "Wort"\nund ß']


def test_times_backwards_are_kept_and_edges_between_empty_intervals_told(tmp_path: Path) -> None:
    path = tmp_path / "x.TextGrid"
    path.write_text(SHORT.replace('1\n0\n2\n"x"', '3\n1\n0.5\n"x"\n1\n1.5\n""\n1.5\n2\n""'))
    parts = parts_of("textgrid", path)
    assert lost_in(parts) == {"edges between empty intervals": 1}
    (bundle,) = bundles_of(parts)
    (found,) = bundle.annotations
    assert (found.start_ns, found.end_ns, found.attributes) == (S, None, (Attribute("end_before_start_s", 0.5),))
    (out,) = written("textgrid", [bundle], tmp_path / "out")
    assert "xmin = 1 \n            xmax = 0.5 \n" in out.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "no TextGrid"),
        (b"WEBVTT\n\n", "no TextGrid"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "no TextGrid"),
        (SHORT[:-10].encode(), "cut short"),
        (SHORT[:-3].encode(), "cut short"),
        (SHORT.replace("Interval", "Odd").encode(), "a tier of the kind 'OddTier'"),
        (SHORT.replace('2\n"x"', '"x"\n2').encode(), "where a number should be"),
        (SHORT.replace('1\n0\n2\n"x"', '1\n0\n1e99\n"x"').encode(), "has the time 1e99"),
        (SHORT.replace('1\n0\n2\n"x"', '-1\n0\n2\n"x"').encode(), "where the number of items should be"),
        (SHORT.replace('"x"', '"ä"').encode("latin-1"), "no text in UTF-8"),
        (b"ooBinaryFile\x08TextGrid\x00\x00\x00", "no TextGrid"),
        (b'"' * 3_000_000, "more than a million characters"),
    ],
)
def test_what_is_no_whole_textgrid_is_told_in_a_sentence(text: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.TextGrid"
    path.write_bytes(text)
    with pytest.raises(WozError, match=said) as told:
        parts_of("textgrid", path)
    assert "\n" not in str(told.value)


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def long(count: int) -> Path:
        path = tmp_path / f"{count}.TextGrid"
        items = "".join(f'{n}\n{n + 1}\n"text {n}"\n' for n in range(count))
        path.write_text(SHORT.replace('1\n0\n2\n"x"\n', f"{count}\n{items}"))
        return path

    few, at_first = peak_of("textgrid", long(1_000))
    many, in_the_end = peak_of("textgrid", long(10_000))
    assert many - few == 9_000
    assert in_the_end < at_first + 500_000
