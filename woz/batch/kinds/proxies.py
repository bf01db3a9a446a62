"""Small copies of films with long groups of pictures, so that the editor shows any frame while one drags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from woz.batch.items import Item
from woz.batch.kind import Place
from woz.batch.kinds.beside_films import BesideFilms
from woz.playback.proxy import make_proxy, needs_proxy
from woz.recording.folder.frame_index import frame_index, tabled_index
from woz.recording.folder.session_folder import SessionFolder


class Proxies(BesideFilms):
    name: ClassVar[str] = "proxies"
    says: ClassVar[str] = "small copies of films, for dragging in the editor"
    made: ClassVar[str] = "a proxy"

    def needless(self, folder: SessionFolder) -> str:
        """What only the store has is judged by its table of frames."""
        here = folder.ego.is_file()
        index = frame_index(folder.ego, folder.frames) if here else tabled_index(folder.frames)
        if index is None:
            return "its film is in the store alone, and no table of its frames is here; run woz media fetch"
        return "" if needs_proxy(index) else "its film is quick without one"

    def work(self, item: Item, place: Place) -> Sequence[str]:
        film = place.input(item, 0)
        make_proxy(film, frame_index(film, SessionFolder(film.parent).frames), folder=place.out)
        return ()
