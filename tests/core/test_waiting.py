"""A wait that is cancelled ends, whatever comes in the same turn of the loop."""

from __future__ import annotations

import asyncio

import pytest

from woz.base.waiting import within


def test_what_comes_as_the_wait_is_cancelled_does_not_keep_it() -> None:
    async def listen(reader: asyncio.StreamReader) -> None:
        while await within(60, reader.readline()):
            pass

    async def run() -> None:
        reader = asyncio.StreamReader()
        listening = asyncio.ensure_future(listen(reader))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        reader.feed_data(b"one\n")
        await asyncio.sleep(0)
        listening.cancel()
        done, _ = await asyncio.wait((listening,), timeout=120)
        listening.cancel()
        assert done
        assert listening.cancelled()

    asyncio.run(run())


def test_a_wait_ends_with_its_time() -> None:
    async def run() -> None:
        with pytest.raises(TimeoutError):
            await within(0.01, asyncio.Event().wait())

    asyncio.run(run())
