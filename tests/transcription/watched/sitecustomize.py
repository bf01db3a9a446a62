"""Python loads this when it starts, where its folder is on the path: each try to reach anybody is written down."""

import os
import sys


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        with open(os.environ["WOZ_TEST_SOCKETS"], "a") as file:  # noqa: PTH123
            file.write(f"{event} {arguments!r}\n")


sys.addaudithook(_watch)
