"""What coding a voice costs where it is done: Opus on the live loop, and decoding in the earpiece's callback.

Run as `python -m tests.benchmarks.bench_opus`. Each block is 10 ms of a voice-like sound; times are the
processor's. "Through a thread" is how long the loop waits when the same work is handed to a thread and its result
back, and what the loop spends on that itself.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from woz.link.rtp.jitter_buffer import FRAME, JitterBuffer
from woz.link.rtp.packets import VoicePacket
from woz.link.rtp.voice_sender import VoiceSender

BLOCKS = 3_000
BLOCK_US = 10_000


def voice() -> NDArray[np.float32]:
    """Harmonics of a falling pitch in syllables, over noise; shape (BLOCKS, 480)."""
    rng, t = np.random.default_rng(1), np.arange(BLOCKS * FRAME) / 48_000
    pitch = 2 * np.pi * (140 * t + 8 * np.sin(2 * np.pi * 0.4 * t))
    harmonics = np.sum([np.sin(n * pitch) / n for n in range(1, 25)], axis=0)
    sound = 0.1 * harmonics * np.maximum(0, np.sin(2 * np.pi * 3 * t)) + 0.005 * rng.normal(size=len(t))
    blocks: NDArray[np.float32] = sound.astype(np.float32).reshape(BLOCKS, FRAME)
    return blocks


def timed(work: Callable[[int], object]) -> NDArray[np.float64]:
    """Processor time of each turn, in µs."""
    took = []
    for n in range(BLOCKS):
        began = time.thread_time_ns()
        work(n)
        took.append((time.thread_time_ns() - began) / 1e3)
    return np.array(took)


async def through_a_thread(work: Callable[[int], object]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(what the loop waits, what it spends itself) for each turn, in µs."""
    loop, waited, spent = asyncio.get_running_loop(), [], []
    with ThreadPoolExecutor(1) as thread:
        for n in range(BLOCKS):
            began, own = time.perf_counter_ns(), time.thread_time_ns()
            await loop.run_in_executor(thread, work, n)
            waited.append((time.perf_counter_ns() - began) / 1e3)
            spent.append((time.thread_time_ns() - own) / 1e3)
    return np.array(waited), np.array(spent)


def line(what: str, took: NDArray[np.float64]) -> str:
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    return f"{what:34} {p50:6.0f} {p95:6.0f} {p99:6.0f} µs   {p50 / BLOCK_US:6.2%} of 10 ms"


def main() -> int:
    sound = voice()
    sender, jitter_buffer = VoiceSender(asyncio.new_event_loop()), JitterBuffer()
    encoded: list[bytes] = []
    coding = timed(lambda n: encoded.append(sender._encode(sound[n]) or b""))
    sender_2 = VoiceSender(asyncio.new_event_loop())
    waited, spent = asyncio.run(through_a_thread(lambda n: sender_2._encode(sound[n])))
    pushing, pulling = [], []
    for n, data in enumerate(encoded):
        began = time.thread_time_ns()
        jitter_buffer.push(n, VoicePacket(0, (data,)))
        pushed = time.thread_time_ns()
        if n >= 5:
            jitter_buffer.pull(FRAME, 0)
            pulling.append((time.thread_time_ns() - pushed) / 1e3)
        pushing.append((pushed - began) / 1e3)
    lines = (
        f"{'10 ms of a voice':34}    p50    p95    p99",
        line("coded on the loop", coding),
        line("coded through a thread: waited", waited),
        line("coded through a thread: loop's own", spent),
        line("taken in on the loop", np.array(pushing)),
        line("decoded in the earpiece's callback", np.array(pulling)),
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
