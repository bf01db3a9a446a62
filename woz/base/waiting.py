"""Waiting no longer than so long, without ever losing a cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def within(seconds: float, awaited: Awaitable[T]) -> T:
    """What comes within the time. Raises TimeoutError.

    `asyncio.wait_for` of Python 3.11 returns in place of being cancelled where both come in one turn of the loop.
    """
    async with asyncio.timeout(seconds):
        return await awaited
