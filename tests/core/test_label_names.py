"""What a label is called where only its id is known, as in a history."""

from __future__ import annotations

from dataclasses import replace

from tests.core.scheme_room import mark, scheme, tier
from woz.lab.item_names import item_names, label_names
from woz.model.ids import SchemeId

ACTS = "tier types: [{key: acts, labels: [{id: l0, name: Fit}, {id: l1, name: Turn}]}"


def test_an_id_that_stands_for_several_labels_gets_no_ones_name() -> None:
    """Else a history tells of “Glance” where the gear was fitted."""
    both = scheme(ACTS + ", {key: looks, labels: [{id: l0, name: Glance}, {id: l1, name: Turn}]}]\n")
    assert label_names([both]) == {"l1": "Turn"}


def test_the_newest_version_says_what_a_label_is_called() -> None:
    old = scheme(ACTS + "]\n")
    new = replace(scheme(ACTS.replace("Fit", "Fit gear") + "]\n"), version=2)
    assert label_names([new, old]) == {"l0": "Fit gear", "l1": "Turn"}


def test_an_item_has_the_name_that_its_own_tiers_scheme_gives_an_id_of_two_schemes() -> None:
    acts = scheme(ACTS + "]\n")
    looks = replace(scheme("tier types: [{key: looks, labels: [{id: l0, name: Glance}]}]\n"), id=SchemeId("eyes"))
    tiers = [tier("acts"), tier("looks", scheme_id=SchemeId("eyes"))]
    names = item_names([acts, looks], tiers, {"p1": "A01"})
    fitted, glance, elsewhere = (mark("m", kind, "l0", 1) for kind in ("acts", "looks", "gone"))
    assert [names.of(fitted)["l0"], names.of(glance)["l0"]] == ["Fit", "Glance"]
    assert "l0" not in names.of(elsewhere)
    assert [names.of(fitted)[each] for each in ("l1", "p1", "looks")] == ["Turn", "A01", "Looks"]
