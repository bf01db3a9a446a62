"""Versions of a scheme: whether two say the same, and how the next one follows from the one before."""

from __future__ import annotations

from dataclasses import replace

from woz.model.scheme import Label, Move, MoveKind, Scheme, TierType


def says_the_same(one: Scheme, other: Scheme) -> bool:
    """But for the version's number, and labels that are retired."""
    return _said(one) == _said(other)


def _said(scheme: Scheme) -> Scheme:
    types = tuple(replace(each, labels=each.offered) for each in scheme.tier_types)
    return replace(scheme, version=0, moves=(), tier_types=types)


def following(before: Scheme, wanted: Scheme) -> Scheme:
    """`wanted` as the next version: labels that it lacks stay, retired, since annotations hold them."""
    moves: list[Move] = []
    types = []
    for each in wanted.tier_types:
        old = before.tier_type(each.key)
        types.append(replace(each, labels=(*each.labels, *_retired(old, each))))
        moves += _moves(old, each)
    return replace(wanted, version=before.version + 1, tier_types=tuple(types), moves=tuple(moves))


def _retired(old: TierType, new: TierType) -> tuple[Label, ...]:
    kept = {label.id for label in new.labels}
    return tuple(replace(label, retired=True) for label in old.labels if label.id not in kept)


def _moves(old: TierType, new: TierType) -> list[Move]:
    now = {label.id: label for label in new.labels}
    moves = []
    for label in old.offered:
        if label.id not in now:
            moves.append(Move(MoveKind.RETIRED, new.key, label.id))
        elif now[label.id].names != label.names:
            moves.append(Move(MoveKind.RENAMED, new.key, label.id, (label.id,)))
    return moves
