"""What real data lack by the schemes that woz brings along for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.core.format_room import bundles_of, parts_of
from woz.model.kinds import Item
from woz.schemes.demands.findings import findings


def _found(name: str, paths: Sequence[Path]) -> Counter[tuple[str, str]]:
    """How often each sentence is told, with its level."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        for bundle in bundles_of(parts_of(name, path)):
            items: list[Item] = [*bundle.tiers, *bundle.annotations, *bundle.links]
            found = findings(items, bundle.schemes, duration_ns=bundle.session.duration_ns)
            counts.update((str(each.level), each.sentence) for each in found)
    return counts


def test_sessions_of_holoassist_lack_nothing_but_some_fine_actions_lie_outside_coarse_ones(
    shared_data: Path,
) -> None:
    paths = sorted((shared_data / "annotations" / "holoassist").glob("*.json"))
    assert _found("holoassist", paths) == {
        ("warning", "It lies only partly inside one of Coarse actions."): 81,
        ("warning", "It lies inside none of Coarse actions."): 13,
    }


def test_steps_of_captaincook4d_lack_nothing(shared_data: Path) -> None:
    paths = sorted((shared_data / "annotations" / "captaincook4d").glob("*_annotations_*.json"))
    assert len(paths) == 2
    assert _found("captaincook4d", paths) == {
        ("warning", "A step that was left out has no time, yet this one has."): 1
    }
