"""Taking over the expert's own recording: to a file in the session's folder, no bigger than it can honestly be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from woz.errors import WozError
from woz.link.messages import Message, MessageKind
from woz.link.upload import Announcement, Receiver

TELL_EVERY_BYTES = 1024 * 1024


class Shelf(Protocol):
    """Where recordings are put, and who is told."""

    def upload_folder(self) -> Path | None: ...

    def upload_room(self) -> int: ...

    def voice_arrived(self, path: Path, announcement: Announcement) -> None: ...

    def upload_failed(self, fault: WozError) -> None: ...


class UploadIntake:
    """All that is taken over in one session, over however many connections, stays within the shelf's room."""

    def __init__(self, shelf: Shelf, tell: Callable[[Message], None]) -> None:
        self._shelf = shelf
        self._tell = tell
        self._receiver: Receiver | None = None
        self._taken = 0

    def begin(self, message: Message) -> None:
        """Raises ValueError where the message announces nothing sensible."""
        announcement = Announcement.of(message)
        folder = self._shelf.upload_folder()
        if folder is None or self._receiver:
            return
        if announcement.size + self._taken > self._shelf.upload_room():
            self._shelf.upload_failed(
                WozError("The expert's recording is too big to take over; it is on the console.")
            )
            return
        try:
            self._receiver = Receiver(announcement, folder / "expert.part")
        except OSError as error:
            self._shelf.upload_failed(WozError(f"The expert's recording can't be stored ({error.strerror})."))

    def take(self, piece: bytes) -> None:
        receiver = self._receiver
        if receiver is None:
            return
        self._taken += len(piece)
        try:
            if receiver.add(piece):
                self._finish(receiver)
            elif receiver.received % TELL_EVERY_BYTES < len(piece):
                self._tell_stored(receiver, False)
        except (WozError, OSError) as error:
            self.drop()
            fault = error if isinstance(error, WozError) else WozError("No room for the expert's recording.")
            self._shelf.upload_failed(fault)

    def drop(self) -> None:
        """Forget what has not come whole."""
        if self._receiver:
            self._receiver.close()
            self._receiver.path.unlink(missing_ok=True)
            self._receiver = None

    def _finish(self, receiver: Receiver) -> None:
        path = receiver.finish()
        self._receiver = None
        self._tell_stored(receiver, True)
        self._shelf.voice_arrived(path, receiver.announcement)

    def _tell_stored(self, receiver: Receiver, whole: bool) -> None:
        data = {"bytes": receiver.received, "of": receiver.announcement.size, "whole": whole}
        self._tell(Message(MessageKind.STORED, data))
