"""Has a proposer's child process answer, with progress, until somebody cancels it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO

import msgspec

from woz.annotation.proposals.asking import Ask, Proposal
from woz.annotation.proposals.known import Proposer
from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.base.outside import MOST_WORDS, Unsound, read
from woz.base.runtime import end_process

TERM_WITHIN_S = 1.0
GoOn = Callable[[float], bool]
"""Told how much is done, 0 to 1; False cancels."""


class _News(msgspec.Struct):
    done: float | None = None
    proposal: Proposal | None = None
    error: str = ""
    end: bool = False


def proposed(proposer: Proposer, ask: Ask, go_on: GoOn = lambda _: True) -> list[Proposal]:
    """What it proposes, by time. Nothing of it counts unless it came to its end.

    Raises WozError where it can't, answers what nobody understands, dies, or is cancelled.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "woz.annotation.proposals.child", proposer.place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            found = _answer(process, proposer, ask, go_on, log)
        finally:
            end_process(process, TERM_WITHIN_S)
            for stream in (process.stdin, process.stdout):
                if stream:
                    stream.close()
    return sorted(found, key=lambda each: (each.start_ns, each.end_ns or each.start_ns))


def _answer(
    process: subprocess.Popen[bytes], proposer: Proposer, ask: Ask, go_on: GoOn, log: IO[str]
) -> list[Proposal]:
    assert process.stdin
    assert process.stdout
    found: list[Proposal] = []
    try:
        process.stdin.write(msgspec.json.encode(ask) + b"\n")
        process.stdin.flush()
    except OSError:
        raise WozError(_died(proposer, process, log)) from None
    for line in process.stdout:
        news = _read(line, proposer)
        if news.error:
            raise WozError(news.error)
        if news.end:
            return found
        if news.proposal:
            found.append(_sound(news.proposal, ask, proposer))
        if news.done is not None and not go_on(news.done):
            raise WozError("The proposing was stopped; nothing was proposed.")
    raise WozError(_died(proposer, process, log))


def _read(line: bytes, proposer: Proposer) -> _News:
    try:
        return read(line, _News)
    except Unsound as error:
        raise WozError(
            f"The proposer {proposer.name} answered what can't be understood: {error}; tell whoever wrote it."
        ) from error


def _sound(proposal: Proposal, ask: Ask, proposer: Proposer) -> Proposal:
    """Raises WozError for a label that the tier type hasn't, and for times outside the session."""
    if proposal.label not in {label.id for label in ask.tier_type.offered}:
        raise WozError(
            f"The proposer {proposer.name} uses the label {proposal.label!r}, which {ask.tier_type.key} hasn't;"
            " nothing was proposed: tell whoever wrote it."
        )
    end_ns = proposal.start_ns if proposal.end_ns is None else proposal.end_ns
    if not 0 <= proposal.start_ns <= end_ns <= ask.duration_ns:
        raise WozError(
            f"The proposer {proposer.name} proposes {seconds(proposal.start_ns):.3f} to {seconds(end_ns):.3f} s,"
            " outside the session or backwards; nothing was proposed: tell whoever wrote it."
        )
    return proposal


def _died(proposer: Proposer, process: subprocess.Popen[bytes], log: IO[str]) -> str:
    status = process.wait()
    log.seek(0)
    last = next((line for line in reversed(log.read().splitlines()) if line.strip()), "")
    return (
        f"The proposer {proposer.name} ended with status {status} ({last or 'it said nothing'})"[:MOST_WORDS] + "."
    )
