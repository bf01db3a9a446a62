"""Voices that are masked: other formants, the same times; resumed; told apart less well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.face_room import write_film
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying.voices import converting
from woz.deidentifying.voices.equal_error import equal_error_rate, likenesses
from woz.deidentifying.voices.keys import Span, TrackKeys, key_of
from woz.deidentifying.voices.known import converter
from woz.deidentifying.voices.masking import load_masked, mask, masked_path
from woz.deidentifying.voices.mcadams import McAdams, masked
from woz.deidentifying.voices.port import RATE, STEP, ConverterFacts, Keys, Samples

SPEECH_S = 3


def _vowel(formants: Sequence[float], pitch: float = 120.0) -> Samples:
    """A buzz through two resonances."""
    made = np.zeros(SPEECH_S * RATE)
    made[:: round(RATE / pitch)] = 1.0
    for formant in formants:
        angle, radius = 2 * np.pi * formant / RATE, 0.97
        one, two = 2 * radius * np.cos(angle), -(radius**2)
        for n in range(2, len(made)):
            made[n] += one * made[n - 1] + two * made[n - 2]
    return np.asarray(0.3 * made / np.abs(made).max(), np.float32)


def _peak(samples: Samples, low: float, high: float) -> float:
    """The strongest frequency (Hz) in a band of the smoothed spectrum."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    smooth = np.convolve(spectrum, np.hanning(801), "same")
    band = (hertz >= low) & (hertz <= high)
    return float(hertz[band][np.argmax(smooth[band])])


def _steps(samples: Samples, value: float) -> NDArray[np.float64]:
    return np.full(-(-len(samples) // STEP), value)


def test_a_coefficient_of_one_changes_nothing() -> None:
    vowel = _vowel((700, 1800))[:40_123]
    made = masked(vowel, _steps(vowel, 1.0))
    assert len(made) == len(vowel)
    assert np.abs(made - vowel).max() < 1e-6
    assert not masked(np.zeros(999, np.float32), np.full(7, 0.5)).any()
    assert len(masked(np.zeros(0, np.float32), np.zeros(0))) == 0


def test_formants_go_where_the_formula_says() -> None:
    """A pole at the angle p (rad) goes to p^a."""
    vowel = _vowel((600, 3800))
    made = masked(vowel, _steps(vowel, 0.8))
    for formant in (600.0, 3800.0):
        angle = 2 * np.pi * formant / RATE
        wanted = angle**0.8 * RATE / (2 * np.pi)
        assert _peak(vowel, formant - 200, formant + 200) == pytest.approx(formant, abs=90)
        assert _peak(made, wanted - 250, wanted + 250) == pytest.approx(wanted, abs=130)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(vowel**2)), rel=0.2)


def test_keys_are_a_person_s_and_a_release_s() -> None:
    keys = {key_of("secret", release, who) for release in ("a", "b") for who in ("P01", "P02")}
    assert len(keys) == 4
    assert all(0 <= key < 1 for key in keys)
    assert key_of("secret", "a", "P01") == key_of("secret", "a", "P01") != key_of("other", "a", "P01")
    track = TrackKeys(0.1, (Span(NS_PER_S, NS_PER_S + 20_000_000, 0.9),))
    assert track.at(NS_PER_S - 20_000_000, 6).tolist() == [0.1, 0.1, 0.9, 0.9, 0.9, 0.1]


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two tracks of 8 s, in pieces of 2 s."""
    monkeypatch.setattr(converting, "PIECE_S", 2)
    return write_film(tmp_path / "s1" / "ego.mkv", 200)


KEYS = (TrackKeys(0.2), TrackKeys(0.7, (Span(NS_PER_S, 2 * NS_PER_S, 0.2),)))


def _samples(path: Path) -> list[NDArray[np.int16]]:
    with av.open(str(path)) as container:
        count = len(container.streams.audio)
    found = []
    for track in range(count):
        with av.open(str(path)) as container:
            found.append(np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=track)]))
    return found


def test_each_sample_stays_at_its_time(film: Path) -> None:
    before = film.read_bytes()
    made = mask(film, "lamps", KEYS, McAdams())
    assert made
    assert film.read_bytes() == before
    old, new = _samples(film), _samples(masked_path(film, "lamps"))
    assert [len(track) for track in new] == [len(track) for track in old]
    assert not np.array_equal(old[0], new[0])
    assert mask(film, "lamps", KEYS, McAdams()) == made
    assert mask(film, "others", (TrackKeys(0.3), TrackKeys(0.4)), McAdams()) != made
    assert {path.name for path in masked_path(film, "lamps").parent.iterdir()} == {"ego.mka", "ego.json"}


class _Counting(McAdams):
    def __init__(self) -> None:
        self.calls = 0

    def convert(self, samples: Samples, keys: Keys) -> Samples:
        self.calls += 1
        return super().convert(samples, keys)


def test_what_was_ended_goes_on(film: Path, tmp_path: Path) -> None:
    first = _Counting()
    assert mask(film, "lamps", KEYS, first, lambda part: part < 0.6) is None
    assert load_masked(film, "lamps") is None
    assert 0 < first.calls < 8
    second = _Counting()
    whole = mask(film, "lamps", KEYS, second)
    assert whole
    assert first.calls + second.calls == 8
    assert not list(masked_path(film, "lamps").parent.glob(".*"))
    masked_path(film, "lamps").unlink()
    again = mask(film, "lamps", KEYS, McAdams())
    assert again
    assert again.copy_sha256 == whole.copy_sha256


def test_seams_are_not_heard(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mask(film, "pieces", KEYS, McAdams())
    monkeypatch.setattr(converting, "PIECE_S", 30)
    mask(film, "whole", KEYS, McAdams())
    for one, other in zip(_samples(masked_path(film, "pieces")), _samples(masked_path(film, "whole")), strict=True):
        assert np.abs(one.astype(int) - other).max() < 40


class _Short:
    facts = ConverterFacts("short", "1")

    def convert(self, samples: Samples, keys: Keys) -> Samples:
        return samples[:-1]


def test_other_times_are_refused(film: Path) -> None:
    with pytest.raises(WozError, match="times must stay"):
        mask(film, "lamps", KEYS, _Short())
    with pytest.raises(WozError, match="no voice converter 'x'; those are mcadams"):
        converter("x")
    assert converter("mcadams").facts.name == "mcadams"


def test_the_equal_error_rate() -> None:
    assert equal_error_rate([0.9, 0.8], [0.1, 0.2]) == 0
    assert equal_error_rate([0.1, 0.2], [0.8, 0.9]) == 1
    assert equal_error_rate([0.1, 0.5, 0.9], [0.1, 0.5, 0.9]) == pytest.approx(0.5, abs=0.17)
    assert equal_error_rate([0.2, 0.6, 0.7, 0.8], [0.1, 0.3, 0.4, 0.65]) == pytest.approx(0.25)
    assert equal_error_rate([], [0.1]) is None
    random = np.random.default_rng(0)
    drawn = equal_error_rate(random.normal(1, 1, 4000).tolist(), random.normal(-1, 1, 4000).tolist())
    assert drawn == pytest.approx(0.1587, abs=0.015)
    voices = [np.array(v, np.float32) for v in ((1, 0), (0.8, 0.6), (0, 1))]
    same, other = likenesses(voices, voices, ("A", "A", "B"))
    assert (len(same), len(other)) == (2, 4)
    assert min(same) > max(other)
