"""Has a proposer's child process answer, with progress, until somebody cancels it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable
from contextlib import closing, suppress
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
    with closing(Running(proposer)) as running:
        return running.proposed(ask, go_on)


class Running:
    """A proposer's child process, which is asked again and again, so that what it loads is loaded once."""

    def __init__(self, proposer: Proposer) -> None:
        self.proposer = proposer
        self._log = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "woz.annotation.proposals.child", proposer.place],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self._end = weakref.finalize(self, _end, self._process, self._log)
        self._answered = True
        """What it was asked, to the end."""

    @property
    def rests(self) -> bool:
        """Whether it lives, and nothing of an answer is left that would be taken for the next one."""
        return self._answered and self._process.poll() is None

    def proposed(self, ask: Ask, go_on: GoOn = lambda _: True) -> list[Proposal]:
        """Raises WozError as the function does; it is to be closed then."""
        found = self._answer(ask, go_on)
        return sorted(found, key=lambda each: (each.start_ns, each.end_ns or each.start_ns))

    def close(self) -> None:
        """One that has answered ends by itself, with whatever it does then."""
        assert self._process.stdin
        if self._answered:
            with suppress(OSError, subprocess.TimeoutExpired):
                self._process.stdin.close()
                self._process.wait(TERM_WITHIN_S)
        self._end()

    def _answer(self, ask: Ask, go_on: GoOn) -> list[Proposal]:
        process, found, self._answered = self._process, list[Proposal](), False
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(msgspec.json.encode(ask) + b"\n")
            process.stdin.flush()
        except OSError:
            raise WozError(_died(self.proposer, process, self._log)) from None
        for line in process.stdout:
            news = _read(line, self.proposer)
            self._answered = bool(news.error or news.end)
            if news.error:
                raise WozError(news.error)
            if news.end:
                return found
            if news.proposal:
                found.append(_sound(news.proposal, ask, self.proposer))
            if news.done is not None and not go_on(news.done):
                raise WozError("The proposing was stopped; nothing was proposed.")
        raise WozError(_died(self.proposer, process, self._log))


def _end(process: subprocess.Popen[bytes], log: IO[str]) -> None:
    end_process(process, TERM_WITHIN_S)
    for stream in (process.stdin, process.stdout, log):
        if stream:
            with suppress(OSError):  # of what a child that died was still to be told
                stream.close()


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
