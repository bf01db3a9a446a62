"""Labels are told apart by the colour-blind: by what is left of their colours, or by a bar in their boxes.

Colours are shown as Machado, Oliveira and Fernandes ("A physiologically-based model for simulation of color vision
deficiency", IEEE TVCG 15(6), 2009, table at severity 1.0) have them seen, in linear RGB; distances are those of
CIE 1976 L*a*b*.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from ui.editor.timeline.boxes import draw_boxes
from ui.editor.timeline.marks import COUNT, cue_of, draw_bars
from woz.model.own_schemes import PALETTE

Colours = NDArray[np.float64]
SEEN = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
APART = 10.0
"""Of L*a*b*; about 2.3 is just seen side by side."""
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def _linear(srgb: Colours) -> Colours:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _lab(linear: Colours) -> Colours:
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def _seen(srgb: Colours, by: str) -> Colours:
    """L*a*b* of colours (..., 3) from 0 to 1 as somebody sees them."""
    return _lab(np.clip(_linear(srgb) @ np.array(SEEN[by]).T, 0, 1))


def _box(number: int) -> Colours:
    """The pixels of a label's box, (height, width, 3) from 0 to 1."""
    image = QImage(12, 24, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    box = np.array([[0.0, 0.0, 12.0, 24.0]])
    draw_boxes(painter, box, QColor(PALETTE[number % len(PALETTE)]))
    draw_bars(painter, box, number)
    painter.end()
    pixels = np.array(image.constBits(), np.uint8).reshape(24, 12, 4)
    return pixels[..., 2::-1].astype(np.float64) / 255


@pytest.mark.parametrize("by", SEEN)
def test_boxes_of_any_two_labels_differ_for_the_colour_blind(qapp: QApplication, by: str) -> None:
    boxes = [_seen(_box(number), by) for number in range(len(PALETTE))]
    alike = []
    for one, other in combinations(range(len(PALETTE)), 2):
        far = np.linalg.norm(boxes[one] - boxes[other], axis=-1) > APART
        if far.sum() < 12 * 2:
            alike.append((one, other))
    assert alike == [], "two rows of pixels, at least, are of clearly another colour"


def test_colour_alone_would_not_do(qapp: QApplication) -> None:
    """The reason for the bars: some pairs of the palette are nearly one colour for somebody."""
    fills = map(QColor, PALETTE)
    colours = np.array([(fill.redF(), fill.greenF(), fill.blueF()) for fill in fills])
    pairs = list(combinations(range(len(PALETTE)), 2))
    assert any(_distance(colours, pair, by) <= APART for pair in pairs for by in SEEN)


def _distance(colours: Colours, pair: tuple[int, int], by: str) -> float:
    one, other = _seen(colours[list(pair)], by)
    return float(np.linalg.norm(one - other))


def test_neighbours_in_a_scheme_have_other_bars() -> None:
    assert len({(side, tone.lightness()) for side, tone in map(cue_of, range(COUNT))}) == COUNT


def test_a_box_that_is_too_narrow_has_no_bar(qapp: QApplication) -> None:
    image = QImage(4, 24, QImage.Format.Format_RGB32)
    image.fill(QColor("#4e79a7"))
    painter = QPainter(image)
    draw_bars(painter, np.array([[0.0, 0.0, 3.0, 24.0]]), 1)
    painter.end()
    assert image.pixelColor(1, 1) == QColor("#4e79a7")
