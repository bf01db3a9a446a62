"""Lost fragments that come back without being asked for."""

from __future__ import annotations

import asyncio
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from woz.base.clock import ManualClock
from woz.base.settings import VideoSettings
from woz.link.rtp.fec import GROUP, FecPacket, fec_packets
from woz.link.rtp.frame_assembler import FrameAssembler
from woz.link.rtp.packets import FEC, FEEDBACK, VIEW, Feedback, fragments
from woz.link.rtp.port import MediaPort
from woz.link.rtp.view_encoder import EncodedView
from woz.link.rtp.view_stream import PARITY_FOR_NS, ViewStream

MS = 1_000_000
FIRST = 70_000
DATA = st.binary(min_size=1, max_size=30_000)


@given(DATA, st.booleans(), st.integers(0, 2**40))
def test_a_parity_survives_the_way(data: bytes, key: bool, first: int) -> None:
    parts = fragments(7, key, 5, data)
    for fec in fec_packets(parts, first):
        again = FecPacket.decode(fec.encode())
        assert again.first_sequence == first & 0xFFFF
        assert (again.group, again.members, again.data) == (fec.group, fec.members, fec.data)
        assert len(fec.members) <= GROUP


@settings(deadline=None)
@given(DATA, st.data())
def test_one_lost_fragment_of_each_group_comes_back_unasked(data: bytes, draw: st.DataObject) -> None:
    parts = fragments(0, True, 5, data)
    made = fec_packets(parts, FIRST)
    lost = {draw.draw(st.sampled_from(fec.members)) for fec in made}
    assembler, out = FrameAssembler(), []
    for part in parts:
        if part.index not in lost:
            out += assembler.add(FIRST + part.index, part, 0)
    for fec in draw.draw(st.permutations(made)):
        out += assembler.add_fec(FIRST, fec, 2 * MS)
    assert [frame.data for frame in out] == [data]
    assert assembler.asks(100 * MS) == []
    assert assembler.lost == len(lost)


def test_what_was_only_overtaken_by_a_parity_was_not_lost() -> None:
    parts = fragments(0, True, 5, bytes(5_000))
    assembler = FrameAssembler()
    for part in parts[:-1]:
        assembler.add(FIRST + part.index, part, 0)
    (fec,) = fec_packets(parts, FIRST)
    assert len(assembler.add_fec(FIRST, fec, 1 * MS)) == 1
    assembler.add(FIRST + len(parts) - 1, parts[-1], 3 * MS)
    assert assembler.asks(100 * MS) == []
    assert assembler.lost == 0


def test_two_lost_of_one_group_are_asked_for_and_one_of_them_is_enough() -> None:
    data = bytes(range(256)) * 40
    parts = fragments(0, True, 5, data)
    (fec,) = fec_packets(parts, FIRST)
    assembler = FrameAssembler()
    for part in parts[:-2]:
        assembler.add(FIRST + part.index, part, 0)
    assert assembler.add_fec(FIRST, fec, 1 * MS) == []
    assert assembler.asks(8 * MS) == []  # they may only have been overtaken
    assert assembler.asks(9 * MS) == [FIRST + len(parts) - 2, FIRST + len(parts) - 1]
    (whole,) = assembler.add(FIRST + len(parts) - 1, parts[-1], 90 * MS)
    assert whole.data == data
    assert assembler.asks(900 * MS) == []


def test_a_parity_that_does_not_fit_its_frame_changes_nothing() -> None:
    parts = fragments(0, True, 5, bytes(5_000))
    (fec,) = fec_packets(parts, FIRST)
    assembler = FrameAssembler()
    for part in parts[:-1]:
        assembler.add(FIRST + part.index, part, 0)
    short = FecPacket(0, 0, fec.count, True, 5, FIRST, fec.data[:100])
    assert assembler.add_fec(FIRST, short, 0) == []
    assert assembler.add_fec(FIRST + 3, fec, 0) == []
    assert len(assembler.add_fec(FIRST, fec, 0)) == 1


class Counting:
    """A port that counts by kind."""

    def __init__(self) -> None:
        self.sent: dict[int, int] = {}

    def listen(self, kind: int, taker: object) -> None:
        self.taker = taker

    async def send(self, kind: int, sequence: int, stamp: int, payload: bytes, again: bool = False) -> None:
        self.sent[kind] = self.sent.get(kind, 0) + 1


def test_parities_travel_for_a_while_after_a_loss_only() -> None:
    async def run() -> list[int]:
        port, clock = Counting(), ManualClock(now_ns=10**12)
        way = ViewStream(VideoSettings(), clock, asyncio.get_running_loop(), lambda: None)
        way.start(cast(MediaPort, port))
        counts = []
        for lost, later_ns in ((0, 0), (1, 0), (0, PARITY_FOR_NS - 1), (0, 1)):
            clock.advance(later_ns)
            told = Feedback(0, 0, 0, 1000, 10, lost, False)
            way._take_feedback(0, 0, told.encode(), False, clock.now_ns())
            before = port.sent.get(FEC, 0)
            await way.send(EncodedView(False, 0, bytes(20_000)))
            counts.append(port.sent.get(FEC, 0) - before)
        await way.stop()
        assert port.sent[VIEW] == 4 * len(fragments(0, False, 0, bytes(20_000)))
        assert FEEDBACK not in port.sent
        return counts

    assert asyncio.run(run()) == [0, 2, 2, 0]
