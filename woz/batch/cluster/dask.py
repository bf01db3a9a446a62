"""Dask itself, where it is installed, and set as a batch needs it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from woz.base.errors import WozError
from woz.base.extras import how_to_add

if TYPE_CHECKING:
    from distributed import Client as Client

OTHERS = ("distributed", "bokeh", "tornado")
"""What they log of a worker's death is told in words of ours."""
ALLOWED_DEATHS = 2
"""An item is given up when more workers than this died while they had it."""


def needed() -> None:
    """Raises WozError where Dask is not installed; sets what holds for schedulers and workers of ours."""
    try:
        import dask
        import distributed  # noqa: F401
    except ImportError:
        raise WozError(f"Batches need Dask (8 MB); {how_to_add('batch')}") from None
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": ALLOWED_DEATHS,
            "distributed.scheduler.worker-saturation": 1.0,
            "distributed.worker.memory.target": False,
            "distributed.worker.memory.spill": False,
            "distributed.worker.memory.pause": False,
            "distributed.admin.log-format": "%(message)s",
        }
    )
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in OTHERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def client_of(address: object, timeout_s: float = 15.0) -> Client:
    """Raises WozError where no scheduler answers."""
    import distributed

    try:
        return distributed.Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise WozError(
            f"No Dask scheduler answers at {address}; start one there (dask scheduler), or leave --on out."
        ) from error


def dashboard_of(client: Client) -> str:
    try:
        return str(client.dashboard_link or "")
    except (KeyError, ValueError, TypeError):
        return ""
