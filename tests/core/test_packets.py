"""What others can read of a session: nothing in the packets of two seats, no invitation among the processes."""

from __future__ import annotations

import asyncio
import base64
import zlib
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.test_reach import CASES, meeting_place, tone
from tests.rig.capture import captured, media
from tests.rig.coturn import coturn
from tests.rig.nat import INTERNET, homes
from tests.rig.seat import Options, Seat, seated
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.capture.tabletop import PROCEDURE
from woz.link.handshake.invitation import Invitation
from woz.link.rtp.view_encoder import ViewEncoder
from woz.link.rtp.voice_sender import FRAME_SAMPLES, VoiceSender
from woz.model.protocol import PROACTIVE

NOTE = "The trainee holds the lamp upside down."
SIGNS_OF_VIEW = (b"\x00\x00\x00\x01\x67\x42\xc0\x15", b"x264 - core")
"""A sequence parameter set with its profile and level (a number of an open DTLS or RTP header may be its first five
bytes, as the 359th DTLS record's is), and what x264 says of itself."""


@pytest.mark.usefixtures("hosts")
def test_no_secret_name_picture_or_voice_is_readable_on_the_wire(tmp_path: Path) -> None:
    voice = tone(tmp_path)
    with (
        homes(forward=False) as names,
        coturn(names.internet, INTERNET, tmp_path),
        meeting_place(names.internet) as place,
        captured(names.internet, "to0", tmp_path / "wire.pcap") as caught,
    ):
        at_station = Options("station", str(tmp_path / "s"), rendezvous=place, ice=CASES["stun"], voice=voice)
        with seated(at_station, names.seats[0]) as station:
            link = station.wait_for("invitation")
            with seated(Options("join", str(tmp_path / "c"), link=link, voice=voice), names.seats[1]) as console:
                console.until(lambda said: said.get("pictures", 0) > 20)
                station.do("record")
                console.until(lambda said: said["pictures"] > 40)
                console.do("mark", text=NOTE)
                console.until(lambda said: said["pictures"] > 80 and said["loudest_db"] > -30)
                station.do("stop")
                station.until(lambda said: bool(said["closed"]))
    (events,) = (tmp_path / "s").rglob("events.jsonl")
    assert NOTE in events.read_text()
    wire = caught.read_bytes()
    assert not [word for word in secrets_and_names(Invitation.parse(link)) if word in wire]
    assert not [sign for sign in SIGNS_OF_VIEW if sign in wire]
    payloads = media(caught)
    assert len(payloads) > 1000
    assert compressed(payloads) > 0.98


def secrets_and_names(invitation: Invitation) -> list[bytes]:
    secret = invitation.secret
    forms = [secret, secret.hex().encode(), base64.b64encode(secret)[:20], base64.urlsafe_b64encode(secret)[:20]]
    names = [
        invitation.session_id,
        PROCEDURE.name,
        PROCEDURE.steps[0].name,
        PROACTIVE.name,
        PROACTIVE.text[:20],
        NOTE,
    ]
    return [*forms, invitation.link.encode(), *(name.encode() for name in names), b"a=fingerprint", b"candidate:"]


def compressed(payloads: list[bytes]) -> float:
    """How small they become, packet after packet: what can be read repeats itself, what is sealed doesn't."""
    whole = b"".join(payloads)
    return len(zlib.compress(whole, 9)) / len(whole)


def test_the_signs_that_are_looked_for_are_there_in_what_is_not_sealed() -> None:
    frame = av.VideoFrame.from_ndarray(np.full((480, 320), 90, np.uint8), format="yuv420p")
    data = ViewEncoder(VideoSettings(), 20).encode(frame, 0).data
    assert all(sign in data for sign in SIGNS_OF_VIEW)
    assert compressed(_voice()) < 0.6


def test_no_invitation_stands_on_the_command_line_of_a_seat() -> None:
    seat = Seat(Options("join", "", link="woz://127.0.0.1:1/s#secret", module="json.tool"))
    command_line = Path(f"/proc/{seat.process.pid}/cmdline").read_bytes()
    seat.kill()
    assert b"json.tool" in command_line
    assert b"secret" not in command_line


def _voice() -> list[bytes]:
    """All packets of a second, however long their coding takes."""
    payloads: list[bytes] = []

    async def speak() -> None:
        sender = VoiceSender(asyncio.get_running_loop(), payloads.append)
        sender.offer((0.3 * np.sin(np.arange(AUDIO_RATE) * 0.06)).astype(np.float32), 0)
        while len(payloads) < AUDIO_RATE // FRAME_SAMPLES:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(speak(), 120))
    return payloads
