"""What a new version of a scheme does to what was annotated by an older one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from woz.base.counts import counted
from woz.model.annotation import Annotation, Attribute, Value
from woz.model.ids import SessionId
from woz.model.scheme import Move, MoveKind, Scheme, all_attributes, named
from woz.model.tier import Tier, TierState

OPEN = frozenset({TierState.ASSIGNED, TierState.IN_WORK, TierState.RETURNED})
"""Tiers that move on to a new version; those that are closed stay in theirs."""


Key = tuple[str, bool, str]
"""An id or key, whether it is an attribute's, and the attribute whose value it is."""
Moves = Mapping[Key, Move]


@dataclass(frozen=True, slots=True)
class Affected:
    """How many annotations of one tier."""

    session_id: SessionId
    tier: Tier
    count: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of a label or an attribute, and in how many annotations."""

    move: Move
    sentence: str
    affected: tuple[Affected, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.affected)


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a session that a new version concerns, each with its annotations."""

    session_id: SessionId
    tiers: tuple[tuple[Tier, tuple[Annotation, ...]], ...]


class Path:
    """From any older version of a scheme to the newest: what each label and attribute becomes."""

    def __init__(self, versions: Iterable[Scheme]) -> None:
        self._versions = sorted(versions, key=lambda scheme: scheme.version)
        self.newest = self._versions[-1]

    def moves(self, tier: Tier) -> Moves:
        """What becomes of what the tier's version has."""
        found: dict[Key, Move] = {}
        for scheme in self._versions:
            if scheme.version > tier.scheme_version:
                _go_on(found, [move for move in scheme.moves if move.tier_type == tier.tier_type])
        return found

    def goes_on(self, tier: Tier) -> bool:
        """Whether the tier moves on: it is open, older, and its type is still there."""
        known = {each.key for each in self.newest.tier_types}
        older = tier.scheme_id == self.newest.id and tier.scheme_version < self.newest.version
        return older and tier.state in OPEN and tier.tier_type in known

    def moved(self, tier: Tier, annotations: Iterable[Annotation]) -> tuple[list[Annotation], list[Annotation]]:
        """The annotations that become others, and what they become."""
        moves = self.moves(tier)
        before, after = [], []
        for each in annotations:
            new = _moved(each, moves)
            if new != each:
                before.append(each)
                after.append(new)
        return before, after

    def effects(self, sessions: Sequence[Tiers], language: str = "en") -> list[Effect]:
        """By label, those of tiers that move on; labels that nothing was annotated with are told, too."""
        counts: dict[Move, list[Affected]] = {}
        for move in self.newest.moves:
            counts.setdefault(move, [])
        for session in sessions:
            for tier, held in session.tiers:
                if self.goes_on(tier):
                    moves = self.moves(tier)
                    for move in moves.values():
                        number = sum(_has(each, move, moves) for each in held)
                        if number:
                            counts.setdefault(move, []).append(Affected(session.session_id, tier, number))
        return [Effect(m, self._sentence(m, found, language), tuple(found)) for m, found in counts.items()]

    def _sentence(self, move: Move, affected: Sequence[Affected], language: str) -> str:
        count, sessions = sum(each.count for each in affected), {each.session_id for each in affected}
        old = self._name(move.source, move, language, before=True)
        new = " and ".join(repr(self._name(target, move, language)) for target in move.targets)
        becomes = _becomes(move, new, many=count > 1)
        if count == 0:
            return f"{old!r} {becomes}; nothing is annotated with it."
        if move.value_of:
            owner = self._name(move.value_of, replace(move, attribute=True, value_of=""), language)
            old = f"{old} ({owner})"
        what = f"{counted(count, 'annotation')} {'with' if move.attribute or move.value_of else 'of'} {old!r}"
        return f"{what} in {counted(len(sessions), 'session')} {becomes}."

    def _name(self, wanted: str, move: Move, language: str, before: bool = False) -> str:
        """What a label or an attribute is called now, or was before the newest version."""
        for scheme in self._versions[-2::-1] if before else self._versions[::-1]:
            tier_type = scheme.tier_type(move.tier_type)
            attributes = all_attributes(tier_type)
            if move.value_of:
                values = [value for each in attributes if each.key in self._keys(move) for value in each.values]
                value = next((each for each in values if each.key == wanted), None)
                if value:
                    return named(value.names, language, value.key)
            elif move.attribute:
                found = next((each for each in attributes if each.key == wanted), None)
                if found:
                    return named(found.names, language, found.key)
            elif wanted in {label.id for label in tier_type.labels}:
                return tier_type.label(wanted).name(language)
        return wanted

    def _keys(self, move: Move) -> set[str]:
        """What the attribute of a value is called, and was called before."""
        earlier = {each.source for each in self.newest.moves if each.attribute and each.targets == (move.value_of,)}
        return {move.value_of} | earlier


def _becomes(move: Move, new: str, many: bool) -> str:
    if move.kind == MoveKind.SPLIT:
        return f"must be looked at, since it was split into {new}"
    if move.kind == MoveKind.RETIRED:
        return f"{'stay as they are' if many else 'stays as it is'}, and can't be chosen any more"
    if move.targets == (move.source,):
        return f"{'are' if many else 'is'} called {new} from now on"
    return f"{'become' if many else 'becomes'} {new}"


def _go_on(found: dict[Key, Move], later: Sequence[Move]) -> None:
    """What a later version does to what became of the labels before."""
    by_source = {_key(move): move for move in later}
    for key, move in list(found.items()):
        target = move.targets[0] if len(move.targets) == 1 else ""
        after = by_source.get((target, move.attribute, move.value_of))
        if after is not None:
            found[key] = replace(after, source=move.source)
    for key, move in by_source.items():
        found.setdefault(key, move)


def _key(move: Move) -> Key:
    return move.source, move.attribute, move.value_of


def _has(annotation: Annotation, move: Move, moves: Moves) -> bool:
    if move.value_of:
        same = [each for each in annotation.attributes if each.value == move.source]
        return any(move.value_of in (each.key, _target(moves, (each.key, True, ""))) for each in same)
    if move.attribute:
        return any(each.key == move.source for each in annotation.attributes)
    return annotation.label == move.source


def _target(moves: Moves, key: Key) -> str:
    move = moves.get(key)
    if move is None or move.kind not in (MoveKind.RENAMED, MoveKind.MERGED) or len(move.targets) != 1:
        return key[0]
    return move.targets[0]


def _moved(annotation: Annotation, moves: Moves) -> Annotation:
    attributes: dict[tuple[str, Value], Attribute] = {}
    for each in annotation.attributes:
        new = _moved_attribute(each, moves)
        same = attributes.get((new.key, new.value))
        if same is not None and new.value is not None:
            new = replace(same, note="; ".join(filter(None, dict.fromkeys((same.note, new.note)))))
        attributes[new.key, new.value if new.value is not None else new.place] = new
    label = _target(moves, (annotation.label, False, ""))
    return replace(annotation, label=label, attributes=tuple(attributes.values()))


def _moved_attribute(attribute: Attribute, moves: Moves) -> Attribute:
    """Its value may move by the key that it had, or by the one that it has now."""
    key = _target(moves, (attribute.key, True, ""))
    value = attribute.value
    if isinstance(value, str):
        value = _target(moves, (value, False, attribute.key))
        value = _target(moves, (value, False, key)) if value == attribute.value else value
    return replace(attribute, key=key, value=value)
