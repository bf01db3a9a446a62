"""Waveform pyramids of the voices, so that the editor decodes no sound to draw them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from woz.base.errors import WozError
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, Place
from woz.batch.kinds.beside_films import BesideFilms
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import VERSION, fold_waves, save_waves


class Waveforms(BesideFilms):
    name: ClassVar[str] = "waveforms"
    says: ClassVar[str] = "waveforms of the voices, for the editor"
    version: ClassVar[str] = str(VERSION)
    made: ClassVar[str] = "their waveforms"

    def files(self, folder: SessionFolder) -> Sequence[tuple[str, Path]]:
        return [(SESSIONS, folder.ego)]

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film = place.input(item, 0)
        tracks = fold_waves(film)
        if not tracks:
            raise WozError(f"{item.id} has no sound of which waveforms could be made.")
        save_waves(film, tracks, place.out)
        return ()
