"""How far a task is: each stage of each voice has a share of the whole, by what such stages cost."""

from __future__ import annotations

from collections.abc import Callable

from woz.transcription.engine import Part
from woz.transcription.task import MIXED, Task, Voice

SHARES = {
    "leak": 0.03,
    "voice activity": 0.1,
    "language": 0.02,
    "recognition": 0.5,
    "translation": 0.5,
    "alignment": 0.2,
    "diarization": 0.3,
}
WORTH_TELLING = 0.01
Tell = Callable[[str, float], None]


class Steps:
    """Tells a stage and the part of the whole that is done; the part never falls."""

    def __init__(self, task: Task, tell: Tell) -> None:
        self._tell = tell
        each = sum(sum(SHARES[stage] for stage in _stages(task, voice)) for voice in task.voices)
        self._whole = SHARES["language"] + each
        self._begun: dict[tuple[str, str], float] = {}
        self._done = 0.0

    def begin(self, stage: str, speaker: str) -> Part:
        """All that was begun before is done now; the answer takes the part of this stage.

        A stage that is begun again, as for speech that is heard once more, has no second share.
        """
        self._begun[stage, speaker] = SHARES[stage]
        before = sum(self._begun.values()) - SHARES[stage]
        whose = "mixed" if speaker == MIXED else f"{speaker}'s"
        text = f"{stage} of the {whose} track" if speaker else stage
        told = -1.0

        def part(done: float) -> None:
            nonlocal told
            self._done = max(self._done, min(1.0, (before + done * SHARES[stage]) / self._whole))
            if done in (0.0, 1.0) or self._done - told >= WORTH_TELLING:
                told = self._done
                self._tell(text, told)

        part(0.0)
        return part


def _stages(task: Task, voice: Voice) -> list[str]:
    stages = ["leak", "voice activity", "recognition", "alignment"]
    if voice.speaker == MIXED or voice.bystanders:
        stages.append("diarization")
    return [*stages, "translation"] if task.settings.translate else stages
