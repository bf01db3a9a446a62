"""Makes tracks of what a detector finds, picture by picture: follows faces forwards and backwards, fills gaps.

A face that is not found any more is followed on for up to two seconds; where it is found again, the gap is covered
by both what was followed and the straight way between. One that is new is followed backwards through the last half
second. So each track begins and ends half a second beyond what was found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.deidentifying.detectors.port import Found
from woz.deidentifying.faces import Box, Track, overlap, whole
from woz.deidentifying.following import Grey, Spot, followed, scaled

GAP_NS = 2 * NS_PER_S
PAD_NS = 500 * NS_PER_MS
SAME = 0.2
"""How far two boxes overlap that are one face's."""


@dataclass(slots=True)
class _Running:
    """A face that goes on; `spots` are in the film's pixels, the last is of the newest frame."""

    first: int
    spots: list[Spot]
    scores: list[float]
    found_at: int
    found_ns: int
    ended_ns: int = field(default=0)

    def find(self, found: Found, number: int, t_ns: int) -> None:
        """It is found in the newest frame: what was followed since the last time is bridged."""
        spot = (found.left, found.top, found.width, found.height)
        begin = self.found_at - self.first
        steps = len(self.spots) - 1 - begin
        for step in range(1, steps):
            straight = _between(self.spots[begin], spot, step / steps)
            self.spots[begin + step] = _hull(self.spots[begin + step], straight)
        self.spots[-1], self.scores[-1] = spot, found.score
        self.found_at, self.found_ns = number, t_ns


class Tracker:
    """Takes the pictures of a film in order, small and grey; `scale` is from them to the film's pixels."""

    def __init__(self, width: int, height: int, scale: float) -> None:
        self._size = (width, height)
        self._scale = scale
        self._running: list[_Running] = []
        self._done: list[_Running] = []
        self._past: deque[tuple[int, int, Grey]] = deque()
        self._times: dict[int, int] = {}

    def step(self, number: int, t_ns: int, grey: Grey, found: Sequence[Found] | None) -> None:
        """The next frame; `found` is None where no detector looked at it."""
        before = self._past[-1][2] if self._past else None
        for each in self._running:
            each.spots.append(self._moved(before, grey, each.spots[-1]))
            each.scores.append(0.0)
        self._times[number] = t_ns
        if found is not None:
            self._match(number, t_ns, grey, found)
        self._end(t_ns)
        self._past.append((number, t_ns, grey))
        while t_ns - self._past[0][1] > PAD_NS:
            self._past.popleft()

    def tracks(self) -> tuple[Track, ...]:
        """All of them, by their beginning; nothing may come after."""
        self._done += self._running
        self._running = []
        made = [self._track(each) for each in sorted(self._done, key=lambda each: (each.first, each.spots[0]))]
        return tuple(Track(f"f{i}", *parts) for i, parts in enumerate(made, 1))

    def _moved(self, before: Grey | None, after: Grey, spot: Spot) -> Spot:
        """Where it isn't clear where a face has gone, it is taken to stay."""
        if before is None:
            return spot
        small = followed(before, after, scaled(spot, 1 / self._scale))
        return scaled(small, self._scale) if small else spot

    def _match(self, number: int, t_ns: int, grey: Grey, found: Sequence[Found]) -> None:
        """The pairs that overlap most first; what is left begins a track."""
        pairs = [
            (_likeness(each, one), i, j) for i, each in enumerate(self._running) for j, one in enumerate(found)
        ]
        taken, matched = set[int](), set[int]()
        for likeness, i, j in sorted(pairs, reverse=True):
            if likeness >= SAME and i not in taken and j not in matched:
                self._running[i].find(found[j], number, t_ns)
                taken.add(i)
                matched.add(j)
        for j, one in enumerate(found):
            if j not in matched:
                self._running.append(self._begun(one, number, t_ns, grey))

    def _begun(self, found: Found, number: int, t_ns: int, grey: Grey) -> _Running:
        """Followed backwards through the pictures of the last half second."""
        spots: list[Spot] = [(found.left, found.top, found.width, found.height)]
        after, first = grey, number
        for earlier, _, picture in reversed(self._past):
            spots.append(self._moved(after, picture, spots[-1]))
            after, first = picture, earlier
        spots.reverse()
        return _Running(first, spots, [0.0] * (len(spots) - 1) + [found.score], number, t_ns)

    def _end(self, t_ns: int) -> None:
        self._done += [each for each in self._running if t_ns - each.found_ns > GAP_NS]
        self._running = [each for each in self._running if t_ns - each.found_ns <= GAP_NS]

    def _track(self, each: _Running) -> tuple[int, tuple[Box, ...], tuple[float, ...]]:
        """Without what was followed for more than the half second after it was found last."""
        end = len(each.spots)
        while end > 1 and self._times[each.first + end - 1] - each.found_ns > PAD_NS:
            end -= 1
        boxes = tuple(whole(spot, self._size) for spot in each.spots[:end])
        return each.first, boxes, tuple(round(score, 3) for score in each.scores[:end])


def _likeness(each: _Running, found: Found) -> float:
    return overlap(each.spots[-1], (found.left, found.top, found.width, found.height))


def _between(one: Spot, other: Spot, part: float) -> Spot:
    left, top, width, height = (a + (b - a) * part for a, b in zip(one, other, strict=True))
    return left, top, width, height


def _hull(one: Spot, other: Spot) -> Spot:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right = max(one[0] + one[2], other[0] + other[2])
    bottom = max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
