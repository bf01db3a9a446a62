"""What a label is called where only its id is known, as in a history."""

from __future__ import annotations

from dataclasses import replace

from tests.core.scheme_room import scheme
from woz.lab.histories import label_names

ACTS = "tier types: [{key: acts, labels: [{id: l0, name: Fit}, {id: l1, name: Turn}]}"


def test_an_id_that_stands_for_several_labels_gets_no_ones_name() -> None:
    """Else a history tells of “Glance” where the gear was fitted."""
    both = scheme(ACTS + ", {key: looks, labels: [{id: l0, name: Glance}, {id: l1, name: Turn}]}]\n")
    assert label_names([both]) == {"l1": "Turn"}


def test_the_newest_version_says_what_a_label_is_called() -> None:
    old = scheme(ACTS + "]\n")
    new = replace(scheme(ACTS.replace("Fit", "Fit gear") + "]\n"), version=2)
    assert label_names([new, old]) == {"l0": "Fit gear", "l1": "Turn"}
