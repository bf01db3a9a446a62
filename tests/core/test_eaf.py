"""ELAN's files, in and out: everything comes back, and the field's own schema and reader take what is written."""

from __future__ import annotations

import sqlite3
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tests.core.format_room import bundles_of, lost_by, lost_in, parts_of, peak_of, written
from tests.core.format_values import MADE, SCHEME, SID, S, bundle_of, bundles, content
from tests.core.recorded_session import many
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.formats.bundle import SessionBundle
from woz.formats.parts import Begin
from woz.formats.reading import Cancelled
from woz.formats.tiers.eaf_document import DOCUMENT
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, LinkId, StreamId, TierId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.scheme import Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.tier import Tier

FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="me" DATE="2020-02-03T04:05:06+01:00" FORMAT="3.0" VERSION="3.0">
<LICENSE LICENSE_URL="https://example.org/l">CC BY 4.0</LICENSE>
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
<MEDIA_DESCRIPTOR MEDIA_URL="file:///v.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./v.mp4" TIME_ORIGIN="40"/>
<LINKED_FILE_DESCRIPTOR LINK_URL="file:///x.csv" MIME_TYPE="unknown"/>
<PROPERTY NAME="URN">urn:x</PROPERTY></HEADER>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="b"/>
<TIME_SLOT TIME_SLOT_ID="c" TIME_VALUE="900"/><TIME_SLOT TIME_SLOT_ID="d" TIME_VALUE="1000"/>
<TIME_SLOT TIME_SLOT_ID="e" TIME_VALUE="2000"/></TIME_ORDER>
<TIER ANNOTATOR="K" LANG_REF="nld" LINGUISTIC_TYPE_REF="act" PARTICIPANT="W" TIER_ID="acts@W">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x1" CVE_REF="c1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="c">
<ANNOTATION_VALUE>snijden</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x2" EXT_REF="er1" LANG_REF="eng" TIME_SLOT_REF1="d"
 TIME_SLOT_REF2="e"><ANNOTATION_VALUE>free &amp; text</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="part" PARENT_REF="acts@W" TIER_ID="parts@W">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x3" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
<ANNOTATION_VALUE>one</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x4" TIME_SLOT_REF1="b" TIME_SLOT_REF2="c">
<ANNOTATION_VALUE>two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="gloss" PARENT_REF="acts@W" TIER_ID="gloss@W">
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="x5" ANNOTATION_REF="x1">
<ANNOTATION_VALUE>cut</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="act" TIER_ID="empty"/>
<LINGUISTIC_TYPE CONTROLLED_VOCABULARY_REF="Acts" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="act"
 TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE CONSTRAINTS="Time_Subdivision" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="part"
 TIME_ALIGNABLE="true"/>
<LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="gloss"
 LEXICON_REF="lx" TIME_ALIGNABLE="false"/>
<LOCALE LANGUAGE_CODE="en" COUNTRY_CODE="US"/>
<LANGUAGE LANG_DEF="http://cdb.iso.org/lg/CDB-00138580-001" LANG_ID="nld" LANG_LABEL="Dutch (nld)"/>
<LANGUAGE LANG_ID="eng" LANG_LABEL="English (eng)"/>
<CONSTRAINT DESCRIPTION="1-1" STEREOTYPE="Symbolic_Association"/>
<CONSTRAINT DESCRIPTION="time" STEREOTYPE="Time_Subdivision"/>
<CONTROLLED_VOCABULARY CV_ID="Acts"><DESCRIPTION LANG_REF="eng">what is done</DESCRIPTION>
<CV_ENTRY_ML CVE_ID="c1"><CVE_VALUE LANG_REF="eng" DESCRIPTION="with a knife">cut</CVE_VALUE>
<CVE_VALUE LANG_REF="nld">snijden</CVE_VALUE></CV_ENTRY_ML></CONTROLLED_VOCABULARY>
<LEXICON_REF LEX_REF_ID="lx" NAME="L" TYPE="LEXUS" URL="u" LEXICON_ID="1" LEXICON_NAME="n"/>
<REF_LINK_SET LINK_SET_ID="rl1" LINK_SET_NAME="causes">
<CROSS_REF_LINK REF1="x1" REF2="x2" REF_LINK_ID="k1" REF_TYPE="causes"
 DIRECTIONALITY="undirected">because</CROSS_REF_LINK>
<GROUP_REF_LINK REFS="x1 x2 x3" REF_LINK_ID="k2" REF_LINK_NAME="all">together</GROUP_REF_LINK></REF_LINK_SET>
<EXTERNAL_REF EXT_REF_ID="er1" TYPE="iso12620" VALUE="v"/>
</ANNOTATION_DOCUMENT>
"""


@pytest.fixture(scope="module")
def schema(shared_data: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared_data / "annotations/elan/EAFv3.0.xsd")))


@pytest.fixture(scope="module")
def turkish(shared_data: Path) -> Path:
    return shared_data / "annotations/elan/poio_turkish.eaf"


def _annotations(path: Path) -> list[tuple[str | None, ...]]:
    """Tier, times, parent, the one before, and text of each; ids by what they name."""
    root = etree.parse(str(path)).getroot()
    slots = {each.get("TIME_SLOT_ID"): each.get("TIME_VALUE", "none") for each in root.iter("TIME_SLOT")}
    kinds = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
    places = {each.get("ANNOTATION_ID"): str(n) for n, each in enumerate(root.iter(*kinds))}
    return [
        (
            tier.get("TIER_ID"),
            slots.get(each.get("TIME_SLOT_REF1")),
            slots.get(each.get("TIME_SLOT_REF2")),
            places.get(each.get("ANNOTATION_REF")),
            places.get(each.get("PREVIOUS_ANNOTATION")),
            each.get("CVE_REF"),
            each.get("EXT_REF"),
            each.get("LANG_REF"),
            each.findtext("ANNOTATION_VALUE"),
        )
        for tier in root.iter("TIER")
        for each in tier.iter(*kinds)
    ]


def _elements(path: Path) -> Counter[str]:
    """All but annotations and times; links by their types and texts."""
    left_out = (
        "ANNOTATION",
        "ALIGNABLE_ANNOTATION",
        "REF_ANNOTATION",
        "ANNOTATION_VALUE",
        "TIME_ORDER",
        "TIME_SLOT",
    )
    ids = ("REF1", "REF2", "REFS", "REF_LINK_ID", "LINK_SET_ID")
    found = (each for each in etree.parse(str(path)).getroot().iter() if each.tag not in left_out)
    return Counter(
        repr((each.tag, sorted((k, v) for k, v in each.attrib.items() if k not in ids), (each.text or "").strip()))
        for each in found
    )


def _again(path: Path, folder: Path) -> Path:
    (out,) = written("eaf", bundles_of(parts_of("eaf", path)), folder)
    return out


@settings(
    max_examples=scaled(60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(bundle=bundles())
def test_any_session_comes_back_and_is_as_the_schema_says(
    bundle: SessionBundle, tmp_path: Path, schema: etree.XMLSchema
) -> None:
    (path,) = written("eaf", [bundle], tmp_path)
    first = path.read_bytes()
    written("eaf", [bundle], tmp_path)
    assert path.read_bytes() == first
    assert schema.validate(etree.parse(str(path))), schema.error_log
    (back,) = bundles_of(parts_of("eaf", path))
    assert content(back) == content(bundle)
    for each in ("title", "duration_ns", "start_utc_ns", "takes"):
        assert getattr(back.session, each) == getattr(bundle.session, each)
    assert back.schemes == bundle.schemes
    assert not lost_by("eaf", [bundle])


def test_a_real_file_comes_back_equal(turkish: Path, tmp_path: Path, schema: etree.XMLSchema) -> None:
    parts = parts_of("eaf", turkish)
    assert not lost_in(parts)
    out = _again(turkish, tmp_path)
    assert schema.validate(etree.parse(str(out))), schema.error_log
    assert _annotations(out) == _annotations(turkish)
    gone, new = _elements(turkish) - _elements(out), _elements(out) - _elements(turkish)
    assert [text[:40] for text in gone] == ["('ANNOTATION_DOCUMENT', [('AUTHOR', ''),"], "the version of the format"
    assert len(new) == 1 + 8
    assert all("'woz" in text or "'3.0'" in text for text in new), "what woz notes for itself"
    again = _again(out, tmp_path / "again")
    assert _annotations(again) == _annotations(turkish)
    assert _elements(turkish) - _elements(again) == gone


def test_all_that_the_format_knows_comes_back(tmp_path: Path, schema: etree.XMLSchema) -> None:
    path = tmp_path / "foreign.eaf"
    path.write_text(FOREIGN, encoding="utf-8")
    assert schema.validate(etree.parse(str(path))), schema.error_log
    out = _again(path, tmp_path / "out")
    assert schema.validate(etree.parse(str(out))), schema.error_log
    assert _annotations(out) == _annotations(path)
    assert [text for text in _elements(path) - _elements(out) if "ANNOTATION_DOCUMENT" not in text] == []
    (first,), (second,) = bundles_of(parts_of("eaf", path)), bundles_of(parts_of("eaf", out))
    assert content(first) == content(second)


def test_vocabularies_are_labels_and_what_is_in_no_vocabulary_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "foreign.eaf"
    path.write_text(FOREIGN, encoding="utf-8")
    (bundle,) = bundles_of(parts_of("eaf", path))
    (acts,) = (tier for tier in bundle.tiers if tier.name == "acts@W")
    assert [(each.label, each.start_ns, each.end_ns) for each in bundle.in_tier(acts)] == [
        ("c1", 0, 900_000_000),
        ("free & text", S, 2 * S),
    ]
    (label,) = bundle.tier_type(acts).labels
    assert dict(label.names) == {"eng": "cut", "nld": "snijden"}
    assert (acts.subject, bundle.tier_type(acts).parent) == ("W", None)
    (link,) = bundle.links
    assert (link.type, link.note, link.source.kind) == ("causes", "because", "annotation")


def test_a_vocabulary_grown_in_woz_has_the_new_entry(tmp_path: Path) -> None:
    path = tmp_path / "foreign.eaf"
    path.write_text(FOREIGN, encoding="utf-8")
    (bundle,) = bundles_of(parts_of("eaf", path))
    schemes = {
        key: replace(
            scheme,
            tier_types=tuple(
                replace(each, labels=(*each.labels, *SCHEME.tier_types[0].labels[1:2]))
                if each.key == "act"
                else each
                for each in scheme.tier_types
            ),
        )
        for key, scheme in bundle.schemes.items()
    }
    (out,) = written("eaf", [replace(bundle, schemes=schemes)], tmp_path / "out")
    entries = [each.get("CVE_ID") for each in etree.parse(str(out)).getroot().iter("CV_ENTRY_ML")]
    assert entries == ["c1", "l2"]


def test_entries_of_a_vocabulary_before_it_had_languages_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "old.eaf"
    entry_before = '<CV_ENTRY DESCRIPTION="e">cut</CV_ENTRY>'
    old = f'<CONTROLLED_VOCABULARY CV_ID="V" DESCRIPTION="d">{entry_before}</CONTROLLED_VOCABULARY>'
    begin, end = FOREIGN.index("<CONTROLLED_VOCABULARY CV_ID"), FOREIGN.index("<LEXICON_REF")
    path.write_text((FOREIGN[:begin] + old + FOREIGN[end:]).replace('REF="Acts"', 'REF="V"'), encoding="utf-8")
    out = etree.parse(str(_again(path, tmp_path / "out"))).getroot()
    (entry,) = out.iter("CVE_VALUE")
    assert (entry.text, entry.get("DESCRIPTION"), entry.get("LANG_REF")) == ("cut", "e", "und")


def _rich() -> SessionBundle:
    tiers = tuple(
        Tier(TierId(key), SID, SCHEME.id, SCHEME.version, key, key.title(), MADE, parent_id=parent)
        for key, parent in (("coarse", None), ("fine", TierId("coarse")), ("tips", None))
    )

    def made(name: str, tier: str, start: int | None, end: int | None, parent: str = "") -> Annotation:
        above = AnnotationId(parent) if parent else None
        return Annotation(AnnotationId(name), TierId(tier), start, end, "cut", MADE, parent_id=above)

    annotations = (
        made("a", "coarse", 0, 4 * S),
        made("b", "coarse", 2 * S, 6 * S),
        made("c", "coarse", None, None),
        made("d", "fine", S, 2 * S, "a"),
        made("e", "fine", 5 * S, 7 * S, "b"),
        made("f", "tips", S, None),
    )
    link = Link(LinkId("l"), SID, "corrects", ItemRef("annotation", "e"), ItemRef("annotation", "a"), MADE)
    return bundle_of(Session(SID, "t", SessionState.CLOSED, 0, 9 * S), None, (), tiers, annotations, (link,))


def test_no_tier_of_the_file_overlaps_itself_or_leaves_its_parent(tmp_path: Path) -> None:
    """ELAN's own rules, which its schema can't see; pympi, the field's reader, counts the same."""
    import pympi

    (path,) = written("eaf", [_rich()], tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        eaf = pympi.Eaf(str(path))
    spans = {
        name: sorted(each[:2] for each in eaf.get_annotation_data_for_tier(name)) for name in eaf.get_tier_names()
    }
    assert spans == {
        "Coarse": [(0, 4000)],
        "Coarse (2)": [(2000, 6000)],
        "Coarse (no time)": [(0, 1000)],
        "Fine": [(1000, 2000)],
        "Fine (2)": [(5000, 7000)],
        "Tips": [(1000, 1001)],
    }
    parents = {name: eaf.get_parameters_for_tier(name).get("PARENT_REF") for name in spans}
    assert {name for name, parent in parents.items() if parent} == {"Fine"}
    assert eaf.get_controlled_vocabulary_names()
    (back,) = bundles_of(parts_of("eaf", path))
    assert content(back) == content(_rich())


def test_items_that_no_link_can_name_are_told(tmp_path: Path) -> None:
    bundle = _rich()
    outside = Link(LinkId("o"), SID, "asks", ItemRef("question", "q"), ItemRef("annotation", "a"), MADE)
    assert lost_by("eaf", [replace(bundle, links=(outside,))]) == {"links to what is not in the file": 1}
    control = replace(bundle.annotations[0], note="\x00")
    assert lost_by("eaf", [replace(bundle, annotations=(control,), links=())]) == {
        "texts with characters that XML can't hold": 1
    }


def test_tiers_that_a_chosen_scheme_knows_are_of_it(tmp_path: Path) -> None:
    path = tmp_path / "foreign.eaf"
    path.write_text(FOREIGN, encoding="utf-8")
    mine = Scheme(SCHEME.id, "Mine", 7, (TierType("act", labels=SCHEME.tier_types[0].labels),))
    (bundle,) = bundles_of(parts_of("eaf", path, scheme=mine))
    assert {tier.name: (tier.scheme_id, tier.tier_type) for tier in bundle.tiers if tier.tier_type == "act"} == {
        "acts@W": (SCHEME.id, "act"),
        "empty": (SCHEME.id, "act"),
    }


def test_an_end_before_its_start_is_kept_and_written_back(tmp_path: Path) -> None:
    path = tmp_path / "backwards.eaf"
    path.write_text(
        FOREIGN.replace('REF1="d"\n TIME_SLOT_REF2="e"', 'REF1="e"\n TIME_SLOT_REF2="d"'), encoding="utf-8"
    )
    (bundle,) = bundles_of(parts_of("eaf", path))
    (found,) = (each for each in bundle.annotations if each.label == "free & text")
    assert (found.start_ns, found.end_ns, found.value("end_before_start_s")) == (2 * S, None, 1.0)
    assert _annotations(_again(path, tmp_path / "out")) == _annotations(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FOREIGN[:2000], "no whole XML"),
        (FOREIGN.encode("utf-16").decode("latin-1"), "no whole XML"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", "no whole XML"),
        ("<html></html>", "no ELAN file"),
        ("", "no whole XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>', "declares entities"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><ANNOTATION_DOCUMENT/>', "declares entities"),
        ("<ANNOTATION_DOCUMENT>" + "<a>" * 10_000, "inside one another"),
        (FOREIGN.replace('"900"', '"soon"'), "no number of milliseconds"),
        (FOREIGN.replace('"900"', '"' + "9" * 5000 + '"'), "no number of milliseconds"),
        (FOREIGN.replace('TIME_SLOT_REF2="e"', 'TIME_SLOT_REF2="gone"'), "which it lacks"),
        (FOREIGN.replace('TIME_UNITS="milliseconds"', 'TIME_UNITS="PAL-frames"'), "counts time in PAL-frames"),
        ('<?xml version="1.0" encoding="klingon"?><ANNOTATION_DOCUMENT/>', "no whole XML"),
        ('<?xml version="1.0" encoding="gb2312"?><ANNOTATION_DOCUMENT/>', "no whole XML"),
        (FOREIGN.replace("<ANNOTATION_VALUE>two</ANNOTATION_VALUE>", "<REF_ANNOTATION/>"), "inside another one"),
        (FOREIGN.encode().replace(b"snijden", b"\xff\xfe").decode("latin-1"), "no whole XML"),
    ],
)
def test_what_is_no_whole_file_of_elan_s_is_told_in_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.eaf"
    path.write_bytes(text.encode("latin-1", "replace"))
    with pytest.raises(WozError, match=said) as told:
        parts_of("eaf", path)
    assert "\n" not in str(told.value)


def test_tiers_that_are_their_own_ancestors_and_references_to_nothing_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "odd.eaf"
    text = FOREIGN.replace('TIER_ID="acts@W"', 'TIER_ID="acts@W" PARENT_REF="gloss@W"').replace(
        'REF="x1">', 'REF="no">'
    )
    path.write_text(text.replace('REF2="x2" REF_LINK', 'REF2="no" REF_LINK'), encoding="utf-8")
    parts = parts_of("eaf", path)
    assert lost_in(parts) == {"links to what is not there": 1, "parents that are not there": 1}
    assert isinstance(parts[0], Begin)
    assert {
        tier.name for (bundle,) in [bundles_of(parts)] for tier in bundle.tiers if tier.tier_type != DOCUMENT
    } == {*("acts@W", "parts@W", "gloss@W", "empty")}


def _long(path: Path, count: int) -> Path:
    begin, rest = FOREIGN.split("<TIME_ORDER>")
    end = rest[rest.index("<LINGUISTIC_TYPE ") :].split("<REF_LINK_SET")[0] + "</ANNOTATION_DOCUMENT>"
    with path.open("w", encoding="utf-8") as out:
        out.write(begin + "<TIME_ORDER>")
        out.writelines(f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{n * 10}"/>' for n in range(count + 1))
        out.write('</TIME_ORDER><TIER LINGUISTIC_TYPE_REF="act" TIER_ID="t">')
        out.writelines(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="ts{n}" '
            f'TIME_SLOT_REF2="ts{n + 1}">'
            f"<ANNOTATION_VALUE>text {n}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for n in range(count)
        )
        out.write("</TIER>" + end)
    return path


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    few, at_first = peak_of("eaf", _long(tmp_path / "short.eaf", 2_000))
    many, in_the_end = peak_of("eaf", _long(tmp_path / "long.eaf", 20_000))
    assert many - few == 18_000
    assert in_the_end < at_first + 1_000_000


def _work_of_its_database(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many hundreds of steps SQLite's machine takes while a file is read."""
    done, connect = [0], sqlite3.connect

    def counting(*arguments: Any, **choices: Any) -> sqlite3.Connection:
        rows: sqlite3.Connection = connect(*arguments, **choices)
        rows.set_progress_handler(lambda: done.__setitem__(0, done[0] + 1), 100)
        return rows

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", counting)
        parts_of("eaf", path)
    return done[0]


def test_four_times_as_many_turns_with_words_are_no_more_than_some_four_times_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many_ = (
        _work_of_its_database(written("eaf", [many(count)], tmp_path / str(count))[0], monkeypatch)
        for count in (300, 1200)
    )
    assert many_ < 6 * few


def test_items_are_told_while_they_come_and_can_be_stopped(tmp_path: Path) -> None:
    path, told = _long(tmp_path / "long.eaf", 5_000), list[float]()

    def tell(done: float) -> bool:
        told.append(done)
        return True

    parts = parts_of("eaf", path, progress=tell)
    assert sum(isinstance(part, Annotation) and part.end_ns is not None for part in parts) == 5_000
    assert told == sorted(told)
    assert told[-1] == 1
    assert sum(each > 0.5 for each in told) >= 5, "also once the file was taken apart"
    with pytest.raises(Cancelled):
        parts_of("eaf", path, progress=lambda done: done < 0.75)


def test_many_links_that_say_more_than_their_ends_are_not_held(tmp_path: Path) -> None:
    def linked(name: str, count: int) -> Path:
        begin, end = FOREIGN.split("<GROUP_REF_LINK")
        more = (
            f'<CROSS_REF_LINK REF1="x1" REF2="x2" REF_LINK_ID="more{n}" REF_TYPE="causes"'
            ' DIRECTIONALITY="undirected">because</CROSS_REF_LINK>'
            for n in range(count)
        )
        path = tmp_path / name
        path.write_text(begin + "".join(more) + "<GROUP_REF_LINK" + end, encoding="utf-8")
        return path

    few, at_first = peak_of("eaf", linked("few.eaf", 100))
    more, in_the_end = peak_of("eaf", linked("more.eaf", 10_000))
    assert more - few == 2 * 9_900
    assert in_the_end < at_first + 1_000_000


def test_annotators_leave_by_pseudonym_and_media_by_the_way_there(tmp_path: Path) -> None:
    bundle = _rich()
    person = AnnotatorId("jdoe")
    tiers = tuple(replace(tier, annotator_id=person, made=replace(MADE, by="jdoe")) for tier in bundle.tiers)
    view = Stream(StreamId("v"), SID, StreamKind.VIEW, "ego.mkv", 0, Interval(0, S))
    media = tmp_path / "sessions" / "x" / "ego.mkv"
    named = replace(bundle, tiers=tiers, pseudonyms={person: "annotator-1"}, streams=(view,), media=media, links=())
    (path,) = written("eaf", [named], tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "jdoe" not in text
    assert str(tmp_path) not in text
    assert 'ANNOTATOR="annotator-1"' in text
    assert 'RELATIVE_MEDIA_URL="./sessions/x/ego.mkv"' in text
    assert 'DATE="1970-01-01T00:00:00+00:00"' in text
