"""Draws the task of the synthetic source: a small lamp being put together on a table, in named steps."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from woz.model.ids import ProcedureId, StepId
from woz.model.procedure import Procedure, Step

Picture = NDArray[np.uint8]
Point = tuple[float, float]
Colour = tuple[int, int, int]

_NAMES = (
    "Place the base plate",
    "Fit the red gear",
    "Insert the blue axle",
    "Turn the gear to test it",
    "Close the yellow cover",
    "Switch on the light",
)
PROCEDURE = Procedure(
    ProcedureId("demo-lamp"),
    "Assemble the lamp",
    tuple(Step(StepId(f"demo-lamp-{i + 1}"), name, i) for i, name in enumerate(_NAMES)),
)

_SHIFT = 4
_INK: Colour = (44, 46, 52)
_CENTRE: Point = (0.46, 0.52)
_TRAY: tuple[Point, ...] = ((0.85, 0.24), (0.85, 0.42), (0.85, 0.58), (0.85, 0.42), (0.85, 0.75), (0.72, 0.88))
_SKIN: Colour = (222, 178, 148)
_SKIN_SHADE: Colour = (196, 150, 120)


class TableTop:
    """Pictures of the task at a size; RGB, shape (size, size, 3)."""

    def __init__(self, size: int) -> None:
        self.size = size
        table = _table(size)
        count = len(_NAMES)
        self._moving = [self._scene(table, done, done + 1) for done in range(count)]
        self._resting = [self._scene(table, done, done) for done in range(count + 1)]

    def draw(self, progress: float) -> Picture:
        """The scene when this part of the task is done, 0 to 1."""
        position = min(max(progress, 0.0), 1.0) * len(_NAMES)
        step = min(int(position), len(_NAMES) - 1)
        within = position - step
        picture = (self._moving[step] if within < 0.8 else self._resting[step + 1]).copy()
        if within < 0.8:
            place = _along(_TRAY[step], _target(step), _ease(max(0.0, within - 0.15) / 0.65))
            turn = position * 6 if step == 3 else 0.0
            _PARTS[step](self, picture, place, turn)
        else:
            place = _along(_target(step), (0.78, 1.02), _ease((within - 0.8) / 0.2))
        self._hand(picture, place)
        return picture

    def _scene(self, table: Picture, done: int, first_in_tray: int) -> Picture:
        picture = table.copy()
        for i in range(first_in_tray, len(_NAMES)):
            if i != 3:
                _PARTS[i](self, picture, _TRAY[i], 0.0)
        for i in range(done):
            _PARTS[i](self, picture, _target(i), 0.0)
        step = min(done, len(_NAMES) - 1)
        self._caption(picture, done, _NAMES[step])
        return picture

    # parts of the lamp, each drawn about its middle

    def _base(self, picture: Picture, at: Point, turn: float) -> None:
        self._box(picture, at, 0.30, 0.20, (104, 120, 140), (80, 94, 112))
        for dx in (-0.12, 0.12):
            for dy in (-0.07, 0.07):
                self._disc(picture, (at[0] + dx, at[1] + dy), 0.012, (60, 70, 84))

    def _gear(self, picture: Picture, at: Point, turn: float) -> None:
        self._disc(picture, (at[0] + 0.006, at[1] + 0.008), 0.078, (120, 40, 36))
        for i in range(12):
            angle = turn + i * math.pi / 6
            tooth = (at[0] + 0.078 * math.cos(angle), at[1] + 0.078 * math.sin(angle))
            self._disc(picture, tooth, 0.014, (200, 66, 58))
        self._disc(picture, at, 0.074, (214, 78, 68))
        for i in range(5):
            angle = turn + i * math.tau / 5
            self._disc(
                picture, (at[0] + 0.045 * math.cos(angle), at[1] + 0.045 * math.sin(angle)), 0.013, (150, 48, 42)
            )
        self._disc(picture, at, 0.016, (70, 30, 28))

    def _axle(self, picture: Picture, at: Point, turn: float) -> None:
        self._box(picture, at, 0.036, 0.16, (66, 118, 190), (44, 84, 144))
        self._disc(picture, at, 0.024, (120, 166, 224))

    def _turning(self, picture: Picture, at: Point, turn: float) -> None:
        self._gear(picture, _target(1), turn)
        self._axle(picture, _target(2), 0.0)

    def _cover(self, picture: Picture, at: Point, turn: float) -> None:
        self._box(picture, at, 0.24, 0.15, (238, 190, 66), (204, 154, 44))
        self._disc(picture, at, 0.04, (250, 226, 150))

    def _light(self, picture: Picture, at: Point, turn: float) -> None:
        on = abs(at[0] - _target(5)[0]) < 0.02
        if on:
            glow = picture.copy()
            self._disc(glow, at, 0.13, (255, 244, 190))
            cv2.addWeighted(glow, 0.45, picture, 0.55, 0, picture)
        self._disc(picture, at, 0.034, (255, 250, 225) if on else (190, 196, 204))

    def _hand(self, picture: Picture, at: Point) -> None:
        shoulder = (0.80, 1.25)
        wrist = _along(at, shoulder, 0.26)
        self._line(picture, wrist, shoulder, 0.16, (74, 92, 122))
        self._line(picture, _along(at, shoulder, 0.12), wrist, 0.10, _SKIN_SHADE)
        for spread in (-0.034, -0.012, 0.012, 0.034):
            self._line(picture, (at[0] + spread, at[1] + 0.03), _along(at, shoulder, 0.14), 0.026, _SKIN)
        self._disc(picture, _along(at, shoulder, 0.14), 0.058, _SKIN)

    def _caption(self, picture: Picture, done: int, name: str) -> None:
        text = "Finished" if done == len(_NAMES) else f"{done + 1}  {name}"
        scale, thickness = self.size / 1100, max(1, self.size // 600)
        (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, thickness)
        x, y = int(self.size * 0.16), int(self.size * 0.085)
        pad = self.size // 60
        cv2.rectangle(
            picture, (x - pad, y - height - pad), (x + width + pad, y + pad), (250, 248, 242), -1, cv2.LINE_AA
        )
        cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, scale, _INK, thickness, cv2.LINE_AA)

    # shapes in parts of the picture's side

    def _fixed(self, at: Point) -> tuple[int, int]:
        return round(at[0] * self.size * (1 << _SHIFT)), round(at[1] * self.size * (1 << _SHIFT))

    def _disc(self, picture: Picture, at: Point, radius: float, colour: Colour) -> None:
        cv2.circle(
            picture, self._fixed(at), round(radius * self.size * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT
        )

    def _line(self, picture: Picture, a: Point, b: Point, width: float, colour: Colour) -> None:
        thickness = max(1, round(width * self.size))
        cv2.line(picture, self._fixed(a), self._fixed(b), colour, thickness, cv2.LINE_AA, _SHIFT)

    def _box(self, picture: Picture, at: Point, width: float, height: float, face: Colour, edge: Colour) -> None:
        for grow, colour in ((0.008, edge), (0.0, face)):
            w, h = width / 2 + grow, height / 2 + grow
            corners = [
                (at[0] - w, at[1] - h),
                (at[0] + w, at[1] - h),
                (at[0] + w, at[1] + h),
                (at[0] - w, at[1] + h),
            ]
            points = np.array([self._fixed(corner) for corner in corners], np.int32)
            cv2.fillConvexPoly(picture, points, colour, cv2.LINE_AA, _SHIFT)


_Part = Callable[[TableTop, Picture, Point, float], None]
_PARTS: tuple[_Part, ...] = (
    TableTop._base,
    TableTop._gear,
    TableTop._axle,
    TableTop._turning,
    TableTop._cover,
    TableTop._light,
)


def _target(step: int) -> Point:
    x, y = _CENTRE
    return ((x, y), (x - 0.05, y), (x + 0.08, y), (x - 0.05, y), (x, y), (x + 0.09, y - 0.04))[step]


def _along(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _ease(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return part * part * (3 - 2 * part)


def _table(size: int) -> Picture:
    """Warm wood with a grain, a work mat and a tray."""
    rng = np.random.default_rng(7)
    grain: NDArray[np.float32] = cv2.resize(
        rng.normal(0, 1, (size // 8, 12)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC
    )
    x, y = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size))
    shade = 1.04 - 0.16 * (x * x + y * y)
    wood = np.array([188, 150, 112], np.float32)
    picture: Picture = np.clip((wood + grain[..., None] * 5) * shade[..., None], 0, 255).astype(np.uint8)
    for (left, top, right, bottom), colour in (
        ((0.16, 0.24, 0.72, 0.80), (86, 122, 110)),
        ((0.75, 0.12, 0.95, 0.86), (228, 222, 210)),
    ):
        box = [int(v * size) for v in (left, top, right, bottom)]
        overlay = picture.copy()
        cv2.rectangle(overlay, (box[0], box[1]), (box[2], box[3]), colour, -1)
        cv2.addWeighted(overlay, 0.9, picture, 0.1, 0, picture)
        cv2.rectangle(picture, (box[0], box[1]), (box[2], box[3]), (60, 60, 60), max(1, size // 500), cv2.LINE_AA)
    return picture
