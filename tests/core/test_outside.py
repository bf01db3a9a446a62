"""What comes from outside, whatever it is: a reader gives a sound value, or one plain sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.base.outside import DEEPEST, MOST_LINE_BYTES, Data, Unsound, checked, lines_of, read, read_file, read_toml
from woz.link.connection.ice import IceServers
from woz.link.connection.reach import Reach
from woz.link.handshake.sealing import Seal
from woz.link.messages.expert_events import expert_event
from woz.link.messages.messages import Message, procedure_from_data, protocol_from_data
from woz.link.rendezvous.protocol import LINE_BYTES, read_line
from woz.link.signaling.websocket_line import parse_object
from woz.link.transfer.chunks import Holding
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.voice_copy import VoiceCopy
from woz.recording.check.recovery import left_open, recover
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.outbox import Outbox
from woz.timing.clock_map import ClockMap

DEEP = "[" * 200_000
DEEP_OBJECT = '{"a":' * 200_000
LONG_NUMBER = "9" * 5_000
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.just(10**30)
    | st.just(-(2**63))
)
JSON = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=8), v, max_size=4), max_leaves=12
)


def _manifest() -> dict[str, Any]:
    gap = {"start_ns": 0, "end_ns": 5}
    entry = {
        "kind": "view", "path": "ego.mkv", "track": 0, "interval": gap, "captured": 3, "recorded": 3, "gaps": [gap],
        "clock_map": None, "source_map": None, "sha256": "0" * 64, "refused_ns": 0,
    }  # fmt: skip
    return {
        "schema_version": 1, "session_id": "s", "state": "closed", "start_utc_ns": 1, "procedure": "p",
        "duration_ns": 5, "streams": [entry], "fault": "", "made_of": [], "expert_voice": "own",
        "comparison": {"delay_ns": 1, "spread_ns": 0, "not_received": [gap], "not_recorded": []},
    }  # fmt: skip


CLOCK_MAP = json.loads(ClockMap(((0, 0), (10, 11)), valid=Interval(0, 5)).to_json())
COPY = VoiceCopy("0" * 32, "s").data()
EVENT = json.loads(Event(5, EventKind.NOTE, "station", {"text": "x"}).to_json())
WHOLE = {"manifest": _manifest(), "clock map": CLOCK_MAP, "copy": COPY, "event": EVENT}


def _of_file(load: Callable[[Path], object]) -> Callable[[Path, str], object]:
    def read_text(place: Path, text: str) -> object:
        (place / "file").write_text(text, encoding="utf-8", errors="replace")
        return load(place / "file")

    return read_text


def _reach(path: Path) -> object:
    return Reach.of(read_toml(path, Data))


READERS: dict[str, Callable[[Path, str], object]] = {
    "manifest": _of_file(Manifest.load),
    "clock map": lambda _, text: ClockMap.from_json(text),
    "copy": _of_file(VoiceCopy.load),
    "event": lambda _, text: Event.from_json(text),
    "journal": _of_file(read_journal),
    "outbox": _of_file(Outbox),
    "message": lambda _, text: Message.decode(text),
    "handshake": lambda _, text: parse_object(text),
    "rendezvous": lambda _, text: read_line(text.encode("utf-8", "replace")[:LINE_BYTES] + b"\n"),
    "settings": _of_file(_reach),
}


def _reads(name: str, place: Path, text: str) -> bool:
    said = _said(lambda: READERS[name](place, text))
    assert "\n" not in said
    assert len(said) < 600
    return not said


def _said(read_it: Callable[[], object]) -> str:
    try:
        read_it()
    except (WozError, ValueError) as error:
        return str(error) or "no words"
    return ""


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "text", [DEEP, DEEP_OBJECT, LONG_NUMBER, f'{{"schema_version": {LONG_NUMBER}}}', "", "\0", "null"]
)
def test_no_text_ends_a_reader(name: str, text: str, tmp_path: Path) -> None:
    assert not _reads(name, tmp_path, text) or name in ("journal", "outbox", "settings")


@settings(max_examples=scaled(100), deadline=None)
@given(st.sampled_from(list(READERS)), JSON | st.text(max_size=60))
def test_a_reader_gives_a_value_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: Any
) -> None:
    text = data if isinstance(data, str) else json.dumps(data)
    _reads(name, tmp_path_factory.getbasetemp(), text)


@settings(max_examples=scaled(300), deadline=None)
@given(st.sampled_from(list(WHOLE)), st.data())
def test_one_spoilt_field_is_found_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, name: str, draw: st.DataObject
) -> None:
    spoilt = json.loads(json.dumps(WHOLE[name]))
    place: Any = spoilt
    key = draw.draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], dict | list) and place[key] and draw.draw(st.booleans()):
        place = place[key]
        key = draw.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
    place[key] = draw.draw(JSON)
    _reads(name, tmp_path_factory.getbasetemp(), json.dumps(spoilt))


def test_what_is_whole_is_read(tmp_path: Path) -> None:
    for name, data in WHOLE.items():
        assert _reads(name, tmp_path, json.dumps(data)), name


@pytest.mark.parametrize("path", ["../other/ego.mkv", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", ""])
def test_a_stream_that_lies_outside_its_session_is_refused(tmp_path: Path, path: str) -> None:
    raw = _manifest()
    raw["streams"][0]["path"] = path
    assert not _reads("manifest", tmp_path, json.dumps(raw))


def test_a_session_of_a_hundred_years_is_refused(tmp_path: Path) -> None:
    assert not _reads("manifest", tmp_path, json.dumps({**_manifest(), "duration_ns": 2**62}))


@settings(max_examples=scaled(100), deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_is_told_over_the_link_is_read_or_refused(fields: dict[str, Any]) -> None:
    readers: list[Callable[[Any], object]] = [procedure_from_data, protocol_from_data, IceServers.from_data]
    for take in (*readers, VoiceCopy.of):
        assert "\n" not in _said(partial(take, fields))
    try:
        message = Message.decode(json.dumps({**fields, "kind": "stored"}))
    except ValueError:
        return
    for answer in (expert_event, Holding.from_message):
        assert _said(partial(answer, message))


def test_what_was_sealed_by_the_invited_may_be_deep_and_is_refused() -> None:
    seal, other = Seal(bytes(32)), Seal(bytes(32))
    deep: Any = {}
    for _ in range(500):
        deep = {"a": deep}
    with pytest.raises(ValueError, match=r"it is nested too deep|not as it should be"):
        other.open(seal.close(deep))


def test_depth_has_a_bound_where_the_schema_leaves_it_open() -> None:
    def nested(depth: int) -> str:
        return '{"a":' + "[" * depth + "]" * depth + "}"

    assert read(nested(DEEPEST), Data)
    for depth in (DEEPEST + 1, sys.getrecursionlimit(), 10**6):
        with pytest.raises(Unsound, match=r"not as it should be|it is nested too deep"):
            read(nested(depth), Data)


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud800"}', f'{{"a": {LONG_NUMBER}}}', '{"a": 1} x']
)
def test_what_json_does_not_know_or_no_file_can_hold_is_refused(text: str) -> None:
    with pytest.raises(Unsound):
        read(text, Data)
    with pytest.raises(Unsound):
        checked({"a": 2**62 + 1}, Data)


def test_a_file_of_any_size_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.base.outside.MOST_FILE_BYTES", 1000)
    (tmp_path / "file").write_text('{"a": "' + "x" * 2000 + '"}')
    with pytest.raises(Unsound, match="larger than"):
        read_file(tmp_path / "file", Data)


def test_a_journal_with_a_line_beyond_all_measure_keeps_the_others(tmp_path: Path) -> None:
    line = Event(5, EventKind.NOTE, "station", {"text": "x"}).to_json()
    long = json.dumps({**EVENT, "by": "x" * (3 * MOST_LINE_BYTES)})
    (tmp_path / "events.jsonl").write_text(f"{line}\n{long}\n{line}\n{DEEP}\n{line}")
    assert read_journal(tmp_path / "events.jsonl") == [Event.from_json(line)] * 3
    assert max(map(len, lines_of(tmp_path / "events.jsonl"))) < MOST_LINE_BYTES


def test_a_deep_manifest_does_not_keep_others_from_being_recovered(tmp_path: Path) -> None:
    for name, text in {"a": DEEP, "b": json.dumps({**_manifest(), "state": SessionState.RECORDING})}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(text)
    assert left_open(tmp_path) == [SessionId("b")]


@pytest.mark.parametrize("data", [{}, {"start_utc_ns": "soon"}, {"start_utc_ns": 10**30}])
def test_a_journal_that_says_nonsense_ends_no_recovery(tmp_path: Path, data: dict[str, Any]) -> None:
    folder = SessionFolder(tmp_path / "a")
    folder.path.mkdir()
    folder.manifest_path.write_text(DEEP)
    line = json.dumps({"t_ns": 0, "kind": "session_begin", "by": "station", "data": data})
    folder.events.write_text(line + "\n")
    with pytest.raises(WozError, match=r"damaged|when it began"):
        recover(folder)


def test_the_sentence_names_the_place(tmp_path: Path) -> None:
    raw = _manifest()
    raw["streams"][0]["interval"]["end_ns"] = "late"
    (tmp_path / "manifest.json").write_text(json.dumps(raw))
    with pytest.raises(WozError, match=r"streams\[0\]\.interval\.end_ns is not as it should be .* run woz recover"):
        Manifest.load(tmp_path / "manifest.json")


def test_what_is_known_of_a_kind_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `Data` it takes as long as reading a thousand lines of a release."""
    made = list[object]()

    def counted(kind: Any) -> msgspec.json.Decoder[Any]:
        made.append(kind)
        return decoder(kind)

    decoder = msgspec.json.Decoder
    monkeypatch.setattr(msgspec.json, "Decoder", counted)
    kind: Any = dict[str, list[Literal["once"]]]
    assert [read(b'{"a": ["once"]}', kind) for _ in range(3)] == [{"a": ["once"]}] * 3
    assert made == [kind]
