"""Delay and cost of the live link on loopback: ours, stock aiortc, and the codecs alone, in one run.

    python -m tests.benchmarks.bench_link [--seconds 20] [--case 1408x1408@20 ...] [--bit-rate 4000000]

Two processes, one for each seat, share the machine's monotonic clock; frames are told apart by the number drawn
into them. "Shown" is the end of the paint event in a real window (needs an X display; without one: decoded only).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.codecs import h264

from woz.base.clock import SystemClock
from woz.base.settings import AUDIO_RATE, VideoSettings
from woz.capture.frame_code import draw_number, read_number
from woz.capture.tabletop import TableTop
from woz.link.connection.ice import IceServers
from woz.link.connection.peer import Peer
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.link.rtp.view_encoder import ViewEncoder
from woz.link.rtp.view_receiver import ViewReceiver
from woz.link.rtp.view_sender import ViewSender
from woz.link.rtp.voice_receiver import VoiceReceiver
from woz.link.rtp.voice_sender import VoiceSender

CASES = ("1408x1408@10", "1408x1408@20", "1408x1408@30", "1000x1000@20", "2016x1512@10", "2016x1512@20")
WARM_UP_S = 4.0
PICTURES = 40
VOICE_BLOCK = AUDIO_RATE // 100
CLICK_EVERY_S = 0.5
CLOCK = SystemClock()


@dataclass(frozen=True)
class Case:
    width: int
    height: int
    fps: int
    seconds: float
    bit_rate: int

    @classmethod
    def parse(cls, text: str, seconds: float, bit_rate: int) -> Case:
        size, fps = text.split("@")
        width, height = size.split("x")
        return cls(int(width), int(height), int(fps), seconds, bit_rate)

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height} at {self.fps}/s"


def pictures(case: Case) -> list[np.ndarray[Any, np.dtype[np.uint8]]]:
    """A moving table-top, I420, so that drawing costs nothing while it is measured."""
    scene = TableTop(1408)
    drawn = []
    for i in range(PICTURES):
        rgb = cv2.resize(scene.draw(0.2 + i / 600), (case.width, case.height), interpolation=cv2.INTER_AREA)
        drawn.append(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420))
    return drawn


def numbered(yuv: np.ndarray[Any, np.dtype[np.uint8]], case: Case, number: int) -> av.VideoFrame:
    draw_number(yuv[: case.height], number)
    return av.VideoFrame.from_ndarray(yuv, format="yuv420p")


def number_of(image: av.VideoFrame) -> int | None:
    plane = image.planes[0]
    luma = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    return read_number(luma)


def to_and_fro(at: int) -> int:
    return abs(at % (2 * PICTURES - 2) - (PICTURES - 1))


class Camera(threading.Thread):
    """Puts up frames at the case's pace and keeps when."""

    def __init__(self, case: Case, offer: Callable[[av.VideoFrame, int], None]) -> None:
        super().__init__(daemon=True)
        self.case, self.offer = case, offer
        self.captured: dict[int, int] = {}
        self.drawn = pictures(case)

    def run(self) -> None:
        began = CLOCK.now_ns()
        for number in range(round((self.case.seconds + WARM_UP_S) * self.case.fps)):
            image = numbered(self.drawn[to_and_fro(number)], self.case, number)
            due = began + number * 1_000_000_000 // self.case.fps
            time.sleep(max(0, due - CLOCK.now_ns()) / 1e9)
            self.captured[number] = CLOCK.now_ns()
            self.offer(image, self.captured[number])


class Mouth(threading.Thread):
    """Speaks clicks in blocks of 10 ms, as a sound card gives them."""

    def __init__(self, seconds: float, offer: Callable[[np.ndarray[Any, np.dtype[np.float32]], int], None]) -> None:
        super().__init__(daemon=True)
        self.blocks, self.offer = round((seconds + WARM_UP_S) * 100), offer
        self.clicks: list[int] = []

    def run(self) -> None:
        began = CLOCK.now_ns()
        every = round(CLICK_EVERY_S * 100)
        for n in range(self.blocks):
            time.sleep(max(0, began + n * 10_000_000 - CLOCK.now_ns()) / 1e9)
            block = np.full(VOICE_BLOCK, 0.001, np.float32)
            if n % every == 0:
                block[:240] = 0.8 * np.sin(np.arange(240) * 0.4).astype(np.float32)
                self.clicks.append(CLOCK.now_ns())
            self.offer(block, CLOCK.now_ns())


class Ear:
    """Notes when a click begins in what is played."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def take(self, samples: np.ndarray[Any, np.dtype[np.float32]], at_ns: int) -> None:
        loud = np.flatnonzero(np.abs(samples) > 0.2)
        if len(loud) and (not self.heard or at_ns - self.heard[-1] > 200_000_000):
            self.heard.append(at_ns + int(loud[0]) * 1_000_000_000 // AUDIO_RATE)


# ours


async def our_sender(case: Case, pipe: Connection) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    settings = VideoSettings(link_bit_rate=case.bit_rate, link_start_bit_rate=case.bit_rate)
    view, voice = ViewSender(settings, case.fps, CLOCK, loop), VoiceSender(loop)
    up = asyncio.Event()

    def change(state: str) -> None:
        if state == "connected":
            up.set()

    peer = Peer((view, voice), CLOCK, IceServers(), lambda m: None, lambda p: None, change)
    pipe.send(await peer.offer())
    await peer.answered(await loop.run_in_executor(None, pipe.recv))
    await up.wait()
    camera, mouth = Camera(case, view.offer), Mouth(case.seconds, voice.offer)
    figures = await run_devices(camera, mouth)
    await peer.close()
    return figures | {"sent": view.sent, "dropped": view.dropped}


async def our_receiver(case: Case, pipe: Connection, screen: Screen) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    jitter_buffer, ear = JitterBuffer(), Ear()
    peer = Peer(
        (ViewReceiver(lambda image, *_: screen.decoded(image), CLOCK, loop), VoiceReceiver(jitter_buffer)),
        CLOCK,
        IceServers(),
        lambda m: None,
        lambda p: None,
        lambda s: None,
    )
    offer = await loop.run_in_executor(None, pipe.recv)
    pipe.send(await peer.answer(offer))
    earpiece = threading.Thread(target=play, args=(case, jitter_buffer, ear), daemon=True)
    earpiece.start()
    await loop.run_in_executor(None, earpiece.join)
    await peer.close()
    return {"heard": ear.heard}


def play(case: Case, jitter_buffer: JitterBuffer, ear: Ear) -> None:
    began = CLOCK.now_ns()
    for n in range(round((case.seconds + WARM_UP_S + 1) * 100)):
        time.sleep(max(0, began + n * 10_000_000 - CLOCK.now_ns()) / 1e9)
        ear.take(jitter_buffer.pull(VOICE_BLOCK), CLOCK.now_ns())


# stock aiortc


class StockTrack(MediaStreamTrack):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.frames: asyncio.Queue[av.VideoFrame | av.AudioFrame] = asyncio.Queue()

    async def recv(self) -> Any:
        return await self.frames.get()


async def stock_sender(case: Case, pipe: Connection) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    h264.DEFAULT_BITRATE = h264.MAX_BITRATE = case.bit_rate
    connection, view, voice = (
        RTCPeerConnection(RTCConfiguration(iceServers=[])),
        StockTrack("video"),
        StockTrack("audio"),
    )
    connection.addTrack(voice)
    sender = connection.addTrack(view)
    codecs = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/H264"]
    next(t for t in connection.getTransceivers() if t.sender == sender).setCodecPreferences(codecs)
    await connection.setLocalDescription(await connection.createOffer())
    pipe.send(connection.localDescription.sdp)
    answer = await loop.run_in_executor(None, pipe.recv)
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    while connection.connectionState != "connected":
        await asyncio.sleep(0.01)
    spoken = 0

    def see(image: av.VideoFrame, at_ns: int) -> None:
        image.pts, image.time_base = at_ns * 9 // 100_000, Fraction(1, 90_000)
        loop.call_soon_threadsafe(view.frames.put_nowait, image)

    def speak(samples: np.ndarray[Any, np.dtype[np.float32]], at_ns: int) -> None:
        nonlocal spoken
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16).reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, spoken, Fraction(1, AUDIO_RATE)
        spoken += len(samples)
        loop.call_soon_threadsafe(voice.frames.put_nowait, frame)

    figures = await run_devices(Camera(case, see), Mouth(case.seconds, speak))
    await connection.close()
    return figures


async def stock_receiver(case: Case, pipe: Connection, screen: Screen) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    connection, ear, tasks = RTCPeerConnection(RTCConfiguration(iceServers=[])), Ear(), []

    async def read(track: MediaStreamTrack) -> None:
        while True:
            frame = await track.recv()
            if isinstance(frame, av.VideoFrame):
                screen.decoded(frame)
            elif isinstance(frame, av.AudioFrame):
                pcm = frame.to_ndarray().reshape(-1, 2)[:, 0]
                ear.take((pcm / 32768).astype(np.float32), CLOCK.now_ns())

    connection.on("track", lambda track: tasks.append(loop.create_task(read(track))))
    offer = await loop.run_in_executor(None, pipe.recv)
    await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    pipe.send(connection.localDescription.sdp)
    await asyncio.sleep(case.seconds + WARM_UP_S + 2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await connection.close()
    return {"heard": ear.heard}


async def run_devices(camera: Camera, mouth: Mouth) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    camera.start()
    mouth.start()
    await loop.run_in_executor(None, camera.join)
    await loop.run_in_executor(None, mouth.join)
    await asyncio.sleep(0.5)
    return {"captured": camera.captured, "clicks": mouth.clicks}


# the two processes


class Screen:
    """Notes when each frame was decoded and, with a window, shown."""

    def __init__(self, view: Any) -> None:
        self.when_decoded: dict[int, int] = {}
        self.when_shown: dict[int, int] = {}
        self._view = view

    def decoded(self, image: av.VideoFrame) -> None:
        now_ns = CLOCK.now_ns()
        number = number_of(image)
        if number is not None:
            self.when_decoded[number] = now_ns
            if self._view:
                self._view.arrived.emit(image, number)

    def shown(self, number: int) -> None:
        self.when_shown[number] = CLOCK.now_ns()


def sender_process(kind: str, case: Case, signaling: Connection, results: Connection) -> None:
    work = our_sender if kind == "ours" else stock_sender
    results.send(with_cpu(lambda: asyncio.run(work(case, signaling))))


def receiver_process(kind: str, case: Case, signaling: Connection, results: Connection, painted: bool) -> None:
    work = our_receiver if kind == "ours" else stock_receiver
    if not painted:
        screen = Screen(None)
        figures = with_cpu(lambda: asyncio.run(work(case, signaling, screen)))
        results.send(figures | {"decoded": screen.when_decoded, "shown": {}})
        return
    from tests.benchmarks.window import run_in_window

    screen, figures = run_in_window(
        Screen, lambda screen: with_cpu(lambda: asyncio.run(work(case, signaling, screen)))
    )
    results.send(figures | {"decoded": screen.when_decoded, "shown": screen.when_shown})


def with_cpu(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    figures = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures | {"cpu": used / (time.monotonic() - began)}


def measure(kind: str, case: Case, painted: bool) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    a, b = context.Pipe()
    sent, to_sent = context.Pipe(duplex=False)
    got, to_got = context.Pipe(duplex=False)
    ends = [
        context.Process(target=sender_process, args=(kind, case, a, to_sent)),
        context.Process(target=receiver_process, args=(kind, case, b, to_got, painted)),
    ]
    for end in ends:
        end.start()
    at_sender, at_receiver = sent.recv(), got.recv()
    for end in ends:
        end.join()
    return summary(case, at_sender, at_receiver)


def summary(case: Case, sender: dict[str, Any], receiver: dict[str, Any]) -> dict[str, Any]:
    first = round(WARM_UP_S * case.fps)
    captured = {n: t for n, t in sender["captured"].items() if n >= first}
    figures: dict[str, Any] = {"frames": len(captured)}
    for name in ("decoded", "shown"):
        delays = [(t - captured[n]) / 1e6 for n, t in receiver[name].items() if n in captured]
        if delays:
            figures[name] = {"n": len(delays), "p50": pct(delays, 50), "p95": pct(delays, 95)}
    figures["voice"] = voice_delay(sender["clicks"], receiver["heard"])
    return figures | {"cpu_sender": round(sender["cpu"], 2), "cpu_receiver": round(receiver["cpu"], 2)}


def voice_delay(clicks: list[int], heard: list[int]) -> float | None:
    """Median of click to heard; the first seconds, while buffers settle, don't count."""
    pairs = [min((h - c for h in heard if h > c), default=-1) for c in clicks[round(WARM_UP_S / CLICK_EVERY_S) :]]
    good = [p / 1e6 for p in pairs if 0 < p < 450_000_000]
    return pct(good, 50) if good else None


def pct(values: list[float], q: float) -> float:
    return round(float(np.percentile(values, q)), 1)


def floor(case: Case) -> dict[str, float]:
    """Encode plus decode alone, one after the other, in this process."""
    encoder = ViewEncoder(VideoSettings(link_bit_rate=case.bit_rate), case.fps)
    decoder: Any = av.CodecContext.create("h264", "r")
    decoder.thread_count, decoder.options = 1, {"flags": "low_delay"}
    drawn, took = pictures(case), []
    for number in range(min(150, round(case.seconds * case.fps))):
        image = numbered(drawn[to_and_fro(number)], case, number)
        began = time.perf_counter()
        decoder.decode(av.Packet(encoder.encode(image, number * 10**9 // case.fps, key=number == 0).data))
        took.append((time.perf_counter() - began) * 1e3)
        time.sleep(0.5 / case.fps)
    return {"p50": pct(took[10:], 50), "p95": pct(took[10:], 95)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--case", nargs="*", default=list(CASES))
    parser.add_argument("--bit-rate", type=int, default=4_000_000)
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    painted = bool(os.environ.get("DISPLAY"))
    table = []
    for text in options.case:
        case = Case.parse(text, options.seconds, options.bit_rate)
        row: dict[str, Any] = {"case": case.name, "floor": floor(case), "ours": measure("ours", case, painted)}
        if not options.no_stock:
            row["stock"] = measure("stock", case, painted)
        table.append(row)
        print(line(row), flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1))


def line(row: dict[str, Any]) -> str:
    parts = [f"{row['case']:>18}  floor {row['floor']['p50']:.1f}/{row['floor']['p95']:.1f} ms"]
    for name in ("ours", "stock"):
        if name in row:
            figures = row[name]
            delays = "  ".join(
                f"{k} {figures[k]['p50']}/{figures[k]['p95']}" for k in ("decoded", "shown") if k in figures
            )
            cpu = f"cpu {figures['cpu_sender']}+{figures['cpu_receiver']}"
            parts.append(f"{name}: {delays}  voice {figures['voice']}  {cpu}")
    return " | ".join(parts)


if __name__ == "__main__":
    main()
