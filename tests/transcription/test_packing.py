"""Speech laid end to end, and the way back to the track's times."""

from __future__ import annotations

import numpy as np
import pytest

from woz.transcription.packing import AROUND_S, BESIDE_S, Packing, muted, packed, sounding

RATE = 16_000
EDGE_S = 0.2
PACKING = Packing.of([(1.0, 2.0), (2.1, 3.0), (10.0, 12.0)], 20.0, RATE, EDGE_S)


def test_speech_is_laid_end_to_end() -> None:
    samples = np.arange(20 * RATE, dtype=np.float32)
    assert PACKING.pieces == ((1 - EDGE_S, 3 + EDGE_S), (10 - EDGE_S, 12 + EDGE_S))
    laid = packed(samples, RATE, PACKING)
    assert len(laid) / RATE == pytest.approx(PACKING.length_s)
    assert laid[0] == round((1 - EDGE_S) * RATE)


def test_times_lead_back_and_never_leave_their_piece() -> None:
    assert PACKING.back(0.5, 1.0) == pytest.approx((1.3, 1.8))
    assert PACKING.back(*PACKING.forth(10.5, 11.0)) == pytest.approx((10.5, 11.0))
    start, end = PACKING.back(2.3, 3.0)
    assert 9.8 <= start <= end or end <= 3.2
    assert len(PACKING.pieces_of(2.0, 3.0)) == 2


def test_a_long_piece_is_cut_at_its_pauses() -> None:
    packing = Packing.of([(1.0, 20.0), (20.5, 29.0), (29.5, 45.0)], 60.0, RATE, 0.4)
    assert len(packing.pieces) == 1
    assert packing.chunks(30.0) == [pytest.approx((0.0, 28.65)), pytest.approx((28.65, 44.8))]


def test_chunks_are_cut_between_pieces_where_that_can_be() -> None:
    assert PACKING.chunks(30.0) == [pytest.approx((0.0, 4.8))]
    assert [end for _, end in PACKING.chunks(3.0)] == pytest.approx([2.4, 4.8])
    assert all(end - start <= 1.0 + 1e-9 for start, end in PACKING.chunks(1.0))


def test_a_stretch_is_halved_at_the_pause_nearest_its_middle() -> None:
    packing = Packing.of([(1.0, 8.0), (8.4, 12.0), (12.4, 29.0)], 60.0, RATE, 0.2)
    assert packing.pauses == pytest.approx((7.4, 11.4))
    assert sum(packing.halves(0.0, 28.4), ()) == pytest.approx((0.0, 11.4, 11.4, 28.4))
    assert sum(packing.halves(0.0, 12.0), ()) == pytest.approx((0.0, 7.4, 7.4, 12.0))


def test_without_a_pause_near_its_middle_it_is_halved_there() -> None:
    packing = Packing.of([(1.0, 8.0), (8.4, 40.0)], 60.0, RATE, 0.2)
    assert packing.halves(0.0, 30.0) == ((0.0, 15.0), (15.0, 30.0))
    assert Packing.of([(1.0, 40.0)], 60.0, RATE).halves(10.0, 30.0) == ((10.0, 20.0), (20.0, 30.0))


def test_long_silence_is_left_out_and_a_little_of_it_is_heard() -> None:
    samples = np.zeros(20 * RATE, np.float32)
    samples[: 2 * RATE] = samples[10 * RATE : 11 * RATE] = samples[13 * RATE : 14 * RATE] = 0.1
    assert sounding(samples, RATE) == [
        pytest.approx((0.0, 2 + AROUND_S)),
        pytest.approx((10 - AROUND_S, 14 + AROUND_S)),
    ]
    assert sounding(samples, RATE, [(9.0, 15.0)]) == [pytest.approx((0.0, 2 + AROUND_S))]


def test_another_s_leak_is_not_heard_but_right_beside_speech() -> None:
    samples = np.full(10 * RATE, 0.1, np.float32)
    quiet = muted(samples, RATE, [(1.0, 3.0)], [(3.0, 5.0)])
    assert not quiet[RATE : round((3 - BESIDE_S) * RATE)].any()
    assert quiet[round((3 - BESIDE_S) * RATE) :].all()
    assert quiet[:RATE].all()
    assert muted(samples, RATE, [], [(3.0, 5.0)]) is samples
