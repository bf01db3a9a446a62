"""What is worked out for each word or window of a long session by arrays and by search is what it is one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.model.people import Role
from woz.transcription.attribution import Voiced, voiced
from woz.transcription.floor import LEFT_OUT_NS, Floor
from woz.transcription.listening import Prepared
from woz.transcription.packing import Packing, Region
from woz.transcription.spoken_language import MOST, windows_of
from woz.transcription.task import Heard, Track, Voice
from woz.transcription.tracks import RATE

_edges = st.lists(st.integers(0, 400), max_size=40, unique=True).map(sorted)


@given(_edges, st.integers(0, 400), st.integers(-5, 80))
def test_silence_is_what_of_a_gap_no_stretch_fills(edges: list[int], start: int, length: int) -> None:
    unit = LEFT_OUT_NS // 50
    stretches = tuple((a * unit, b * unit) for a, b in zip(edges[::2], edges[1::2], strict=False))
    start_ns, end_ns = start * unit, (start + length) * unit
    spoken = sum(max(0, min(end_ns, b) - max(start_ns, a)) for a, b in stretches)
    silent = end_ns - start_ns - (0 if end_ns - start_ns > LEFT_OUT_NS else spoken)
    assert Floor(stretches).silence_ns(start_ns, end_ns) == silent


_span = st.tuples(st.integers(0, 100), st.integers(0, 20), st.sampled_from("AB"))


@given(st.lists(_span, min_size=1, max_size=12), st.integers(0, 120), st.integers(0, 20))
def test_a_word_is_the_voice_s_that_shares_most_of_it_or_is_nearest(
    found: list[tuple[int, int, str]], start: int, length: int
) -> None:
    spans: list[Voiced] = [(first, first + long, label) for first, long, label in found]
    word = Heard("a", start, start + length)
    shares = [min(word.end_ns, last) - max(word.start_ns, first) for first, last, _ in spans]
    wanted = spans[shares.index(max(shares))][2]
    in_order = list(dict.fromkeys(label for _, _, label in sorted(spans)))
    (told,) = voiced([word], spans, None)
    assert told.voice == f"voice {in_order.index(wanted) + 1}"


def test_only_windows_that_may_be_asked_for_the_language_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    speech: list[Region] = [(3.0 * i + 0.5, 3.0 * i + 2.0) for i in range(300)]
    packing = Packing.of(speech, 1000.0, RATE)
    assert len(packing.chunks(30.0)) > 20
    voice = Voice(Role.TRAINEE, Track("none.wav"))
    one = Prepared(voice, 0, lambda: np.zeros(1, np.float32), (), speech, packing, "a")
    asked: list[float] = []
    forth = Packing.forth

    def counting(self: Packing, start_s: float, end_s: float) -> Region:
        asked.append(start_s)
        return forth(self, start_s, end_s)

    monkeypatch.setattr(Packing, "forth", counting)
    assert len(windows_of([one])) == MOST
    assert len(asked) <= MOST * len(speech)
