"""Small copies of films with their sound, for those who annotate where only a store has the films."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from woz.batch.items import Item
from woz.batch.kind import Place
from woz.batch.kinds.beside_films import BesideFilms
from woz.playback.stand_in import make_small


class Small(BesideFilms):
    name: ClassVar[str] = "small"
    version: ClassVar[str] = "2"
    says: ClassVar[str] = "small copies of films with their sound, to annotate where only a store has the films"
    made: ClassVar[str] = "a small copy"

    def work(self, item: Item, place: Place) -> Sequence[str]:
        make_small(place.input(item, 0), place.out)
        return ()
