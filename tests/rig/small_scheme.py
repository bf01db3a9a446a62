"""A scheme with a tier for each way to mark, and somebody who speaks and writes where there is no microphone."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from woz.base.settings import AUDIO_RATE
from woz.capture.sound import OnBlock, OnFault, OnLoss, unheard
from woz.capture.source import AudioBlock
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import AttributeType, Label, Overlap, Scheme, Shape, TierType, ValueKind

SAID = "He turns it the wrong way round."


def _label(name: str, key: str) -> Label:
    return Label(LabelId(name.lower()), name.lower(), {"en": name}, "#4e79a7", key)


_RATING = AttributeType("rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=10, required="always")
SCHEME = Scheme(
    SchemeId("ways"),
    "Ways",
    1,
    (
        TierType(
            "acts",
            {"en": "Acts"},
            labels=(_label("Cut", "1"), _label("Stir", "2"), _label("Wash", "W")),
            attributes=(_RATING,),
        ),
        TierType(
            "hands",
            {"en": "Hands"},
            overlap=Overlap.OTHER_LABEL,
            labels=(_label("Left", "1"), _label("Right", "2")),
        ),
        TierType(
            "comments",
            {"en": "Comments"},
            Shape.POINT,
            overlap=Overlap.ANY,
            labels=(_label("Comment", "1"),),
            attributes=(
                AttributeType("text", ValueKind.TEXT, {"en": "What is said"}),
                AttributeType("recording", ValueKind.SOUND, {"en": "Recording"}),
                _RATING,
            ),
        ),
    ),
)


class StubWriter:
    """In the recogniser's place: it hears the same sentence in every note."""

    def text_of(self, note: Path) -> str:
        return SAID

    def close(self) -> None: ...


class StubMouth:
    """A microphone before which somebody has spoken for a second as soon as it listens."""

    name = "mouth"

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        tone = np.sin(np.arange(AUDIO_RATE // 100) / 8).astype(np.float32) * 0.5
        for n in range(100):
            on_block(AudioBlock(n * 10_000_000, 0, tone, AUDIO_RATE))

    def stop(self) -> None: ...
