"""What a station is told before it opens: where and what to record, and where to wait for the expert."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from woz.base.settings import VideoSettings
from woz.capture.source import Source
from woz.link.connection.reach import Reach
from woz.model.ids import SessionId
from woz.model.procedure import Procedure
from woz.model.protocol import PROACTIVE, Protocol
from woz.model.stream import StreamKind


class Hears(StrEnum):
    """What the expert hears of the trainee, where there are both."""

    MICROPHONE = "microphone"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """Where and what to record, and where to wait for the expert. Port 0 takes any free one."""

    session_id: SessionId
    sessions: Path
    procedure: Procedure
    address: str = "0.0.0.0"
    port: int = 0
    host: str = ""
    """The address that the invitation names; found out where it is empty."""
    use_microphone: bool = True
    use_earpiece: bool = True
    """False: what is played is heard by nobody."""
    use_source_sound: bool = True
    expert_hears: Hears = Hears.MICROPHONE
    video: VideoSettings = field(default_factory=VideoSettings)
    protocol: Protocol = PROACTIVE
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """Which sound is recorded as what, and which of them the expert hears."""

    config: StationConfig
    source: Source

    @property
    def source_sounds(self) -> bool:
        """Whether the source's own sound is recorded."""
        return self.config.use_source_sound and self.source.info.audio_rate is not None

    @property
    def takes_trainee(self) -> bool:
        """Whether the trainee is recorded at all."""
        return self.config.use_microphone or self.source_sounds

    @property
    def source_kind(self) -> StreamKind:
        """The track of the source's own sound: beside a microphone, one of its own."""
        return StreamKind.ROOM if self.config.use_microphone else StreamKind.TRAINEE_VOICE

    @property
    def source_is_heard(self) -> bool:
        """Whether it is the source's sound that the expert hears."""
        wanted = self.config.expert_hears == Hears.SOURCE or not self.config.use_microphone
        return wanted and self.source_sounds

    @property
    def voices(self) -> list[tuple[StreamKind, str]]:
        """The tracks to expect, each with the name of where it comes from."""
        microphone = [(StreamKind.TRAINEE_VOICE, "microphone")] if self.config.use_microphone else []
        source = [(self.source_kind, "source")] if self.source_sounds else []
        return [*microphone, *source, (StreamKind.EXPERT_HEARD, "earpiece")]

    def data(self) -> dict[str, object]:
        """For the journal."""
        heard = Hears.SOURCE if self.source_is_heard else Hears.MICROPHONE
        unheard = {} if self.config.use_earpiece else {"earpiece": False}
        return {"name": self.source.info.name, "expert_hears": heard, **unheard}
