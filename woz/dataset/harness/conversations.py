"""Training data as conversations, as LLaVA reads them: of the train split only."""

from __future__ import annotations

import json
from collections.abc import Iterator

from woz.base.errors import WozError
from woz.dataset.harness.released import Released

TRAIN = "train"


def llava(release: Released) -> Iterator[tuple[str, str]]:
    """One JSON list; `video` is the way from the release's folder. Raises WozError without a train split."""
    if TRAIN not in release.splits():
        raise WozError(f"{release.folder} has no split named {TRAIN}, and no other may be trained on.")
    release.demand_clips()
    items = [
        {
            "id": line.id,
            "video": line.clip,
            "conversations": [
                {"from": "human", "value": f"<video>\n{line.prompt}"},
                {"from": "gpt", "value": line.letter},
            ],
        }
        for line in release.lines(TRAIN)
    ]
    yield f"{release.name}_{TRAIN}.json", json.dumps(items, ensure_ascii=False, indent=1) + "\n"
