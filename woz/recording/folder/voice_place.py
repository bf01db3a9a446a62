"""Where on session time a console's recording may lie: its clock map comes from outside, and may say anything."""

from __future__ import annotations

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.recording.folder.manifest import Manifest
from woz.timing.clock_map import ClockMap

BESIDE_NS = 60 * NS_PER_S
"""A recording begins while the session runs, or so much beside it."""
AFTER_NS = 24 * 3600 * NS_PER_S
"""A console that wasn't told of the session's end records on, for so long at most."""


def require_place(manifest: Manifest, clock_map: ClockMap, length_ns: int) -> None:
    """Raises WozError where a recording of this length doesn't lie on the session's time by its clock map."""
    end_ns = manifest.duration_ns or 0
    first, last = clock_map.to_session(0), clock_map.to_session(max(0, length_ns))
    if not (-BESIDE_NS <= first <= end_ns + BESIDE_NS and last <= end_ns + AFTER_NS):
        raise WozError(
            "The expert's own recording says that it was made at another time than the session; it is kept in "
            "expert.parts, and the voice as it was heard stands in its place."
        )
