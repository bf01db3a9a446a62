"""Versions of a scheme: whether two say the same, and how the next one follows from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.model.scheme import Choice, Label, Move, MoveKind, Scheme, TierType, all_attributes


def says_the_same(one: Scheme, other: Scheme) -> bool:
    """But for the version's number, and labels that are retired."""
    return _said(one) == _said(other)


def _said(scheme: Scheme) -> Scheme:
    types = tuple(replace(each, labels=each.offered) for each in scheme.tier_types)
    return replace(scheme, version=0, moves=(), tier_types=types)


def following(before: Scheme, wanted: Scheme) -> Scheme:
    """`wanted` as the next version: labels that it lacks stay, retired, since annotations hold them.

    What became of them is as `wanted.moves` say; what those don't tell of was retired, or renamed where a label or
    an attribute has another name.
    """
    moves: list[Move] = []
    types = []
    for each in wanted.tier_types:
        old = before.tier_type(each.key)
        types.append(replace(each, labels=(*each.labels, *_retired(old, each))))
        stated = [move for move in wanted.moves if move.tier_type == each.key]
        moves += _moves(old, each, [move for move in stated if not move.attribute and not move.value_of])
        moves += _attribute_moves(old, each, [move for move in stated if move.attribute])
        moves += _value_moves(old, each, stated)
    return replace(wanted, version=before.version + 1, tier_types=tuple(types), moves=tuple(moves))


def _retired(old: TierType, new: TierType) -> tuple[Label, ...]:
    kept = {label.id for label in new.labels}
    return tuple(replace(label, retired=True) for label in old.labels if label.id not in kept)


def _moves(old: TierType, new: TierType, stated: Sequence[Move]) -> list[Move]:
    said = {move.source: move for move in stated}
    now = {label.id: label for label in new.offered}
    moves = []
    for label in old.offered:
        if label.id in now:
            if now[label.id].names != label.names:
                moves.append(Move(MoveKind.RENAMED, new.key, label.id, (label.id,)))
        else:
            moves.append(said.get(label.id, Move(MoveKind.RETIRED, new.key, label.id)))
    return moves


def _attribute_moves(old: TierType, new: TierType, stated: Sequence[Move]) -> list[Move]:
    said = {move.source: move for move in stated}
    now = {attribute.key: attribute for attribute in new.attributes}
    moves = []
    for attribute in old.attributes:
        key = attribute.key
        if key in now:
            if now[key].names != attribute.names:
                moves.append(Move(MoveKind.RENAMED, new.key, key, (key,), attribute=True))
        else:
            moves.append(said.get(key, Move(MoveKind.RETIRED, new.key, key, attribute=True)))
    return moves


def _value_moves(old: TierType, new: TierType, stated: Sequence[Move]) -> list[Move]:
    """Of the attributes that are still there, by the key that they have now."""
    became = {move.targets[0]: move.source for move in stated if move.attribute and len(move.targets) == 1}
    said = {(move.value_of, move.source): move for move in stated if move.value_of}
    before, moves = _values(old), []
    for key, now in _values(new).items():
        for value in before.get(became.get(key, key), {}).values():
            if value.key not in now:
                retired = Move(MoveKind.RETIRED, new.key, value.key, value_of=key)
                moves.append(said.get((key, value.key), retired))
            elif now[value.key].names != value.names:
                moves.append(Move(MoveKind.RENAMED, new.key, value.key, (value.key,), value_of=key))
    return moves


def _values(tier_type: TierType) -> dict[str, dict[str, Choice]]:
    """By the attribute's key, then their own."""
    return {each.key: {value.key: value for value in each.values} for each in all_attributes(tier_type)}
