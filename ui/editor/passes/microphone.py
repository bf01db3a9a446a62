"""Which microphone the talk pass records: the system's own, or one that was chosen and is remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QInputDialog, QWidget

from ui.application.background import waited
from woz.base.clock import SystemClock
from woz.capture.choices import SYSTEMS, Choice, look
from woz.capture.devices import NONE, open_microphone
from woz.capture.sound import Microphone
from woz.capture.virtual import VirtualRoom

SETTING = "editor_microphone"
TITLE = "Microphone of the talk pass"
LISTED_WITHIN_S = 10.0
UNLISTED = "The sound devices can't be listed: one doesn't answer. Unplug it, or plug it in again, and try again."


class ChosenMicrophone:
    """Opened anew for each note, so that one that was plugged in later is found."""

    def __init__(self, settings: QSettings | None) -> None:
        self._settings = settings
        self._spec = str(settings.value(SETTING, SYSTEMS)) if settings else SYSTEMS
        self._clock = SystemClock()
        self._room = VirtualRoom(self._clock)

    @property
    def spec(self) -> str:
        """As `woz.capture.devices.open_microphone` takes it."""
        return self._spec

    def open(self) -> Microphone:
        """Raises WozError where it isn't there."""
        return open_microphone(self._spec, self._clock, self._room)

    def ask(self, parent: QWidget, say: Callable[[str], object]) -> None:
        """Let a person choose among those that are plugged in; `say` hears why none can be listed."""
        try:
            found = waited(look, LISTED_WITHIN_S)
        except TimeoutError:
            say(UNLISTED)
            return
        offered = [each for each in found.microphones if each.spec != NONE]
        if not offered:
            say(found.fault or "No microphone was found; plug one in and try again.")
            return
        names = [each.name for each in offered]
        now = next((i for i, each in enumerate(offered) if each.spec == self._spec), 0)
        name, chosen = QInputDialog.getItem(parent, TITLE, "Record what is said with", names, now, False)
        if chosen:
            self._keep(offered[names.index(name)])

    def _keep(self, choice: Choice) -> None:
        self._spec = choice.spec
        if self._settings:
            self._settings.setValue(SETTING, choice.spec)
