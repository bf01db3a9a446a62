"""Why a tier has no label to choose, and what to do about it."""

from __future__ import annotations

from woz.model.own_schemes import OWN_STEPS
from woz.model.scheme import TierType
from woz.model.tier import Tier

NO_STEPS = (
    "{tier} has no labels: this session was given no procedure with steps. Make one in the home window"
    " (Ctrl+Shift+P) and open the session anew; Ctrl+N then makes a tier of its steps."
)
NONE_IN_SCHEME = "{tier} has no labels in its scheme; Ctrl+N makes a tier of another one."


def no_labels(tier: Tier, tier_type: TierType) -> str:
    """Empty where there are labels, or new ones can be made."""
    if tier_type.offered or tier_type.open:
        return ""
    of_steps = tier_type.labels_from or tier.scheme_id.startswith(OWN_STEPS)
    return (NO_STEPS if of_steps else NONE_IN_SCHEME).format(tier=tier.name)
