"""Proposes conversation states: who speaks when, by the turns of the transcript."""

from __future__ import annotations

from collections.abc import Iterator

from woz.annotation.proposals.asking import Ask, Progress, Proposal
from woz.annotation.states import conversation_states
from woz.base.errors import WozError
from woz.model.ids import LabelId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

SHORT_NS = 300_000_000
"""A pause of less is more often a breath than a state of its own."""
SURE, UNSURE = 1.0, 0.5


def propose(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    """States that tile the session; "both" and short pauses are less sure than the others."""
    if not ask.turns:
        raise WozError("Nobody's turns are known; transcribe the session first.")
    labels = {label.key: label.id for label in ask.tier_type.offered}
    lacking = {"trainee", "expert", "both", "none"} - labels.keys()
    if lacking:
        raise WozError(
            f"The tier type {ask.tier_type.key} has no label {', '.join(sorted(lacking))}; states are proposed for"
            " trainee, expert, both and none."
        )
    made = Made(Origin.MACHINE)
    states = conversation_states(ask.turns, ask.duration_ns, TierId(""), made)
    for number, state in enumerate(states):
        span = state.interval
        unsure = state.label == "both" or (state.label == "none" and span.duration_ns < SHORT_NS)
        yield Proposal(
            span.start_ns, span.end_ns, LabelId(labels[state.label]), UNSURE if unsure else SURE, note=state.note
        )
        progress((number + 1) / len(states))
