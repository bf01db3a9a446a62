"""A trouble is shown until it is over, and its end is told."""

from __future__ import annotations

from woz.live.seats.troubles import Troubles


def test_a_trouble_holds_until_it_is_over() -> None:
    told: list[str] = []
    troubles = Troubles(told.append)
    troubles.came("source", "The glasses are gone.", "The view comes again.")
    troubles.came("source", "The glasses are gone.", "The view comes again.")
    troubles.came("network", "The server can't be reached.")
    assert troubles.problem == "The server can't be reached."
    troubles.over("network")
    assert troubles.problem == "The glasses are gone."
    troubles.over("source")
    troubles.over("source")
    assert troubles.problem == ""
    assert told == ["The glasses are gone.", "The server can't be reached.", "The view comes again."]
