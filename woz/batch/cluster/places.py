"""Where a run's workers are: here, or at the address of a scheduler."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from woz.base.errors import WozError
from woz.batch.cluster.dask import client_of, needed
from woz.batch.cluster.local import GPU, gpus, local_cluster

if TYPE_CHECKING:
    import distributed

SCHEMES = ("tcp://", "tls://", "ws://", "wss://")


@contextlib.contextmanager
def workers_at(on: str | None, workers: int | None, wants_gpu: bool) -> Iterator[distributed.Client]:
    """Raises WozError for a place that isn't one, and where nobody answers."""
    if on is None:
        with contextlib.ExitStack() as stack:
            yield local_cluster(stack, workers, gpus() if wants_gpu else [])
    elif on.startswith(SCHEMES):
        needed()
        with client_of(on) as client:
            yield client
    else:
        raise WozError(f"“{on}” is no place for a batch; give the address of a Dask scheduler, tcp://HOST:PORT.")


def resources_for(client: distributed.Client, wants_gpu: bool) -> dict[str, float]:
    """A GPU an item where the work wants one, and any worker says that it has one."""
    if not wants_gpu:
        return {}
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return {GPU: 1.0} if any(GPU in one.get("resources", {}) for one in workers) else {}
