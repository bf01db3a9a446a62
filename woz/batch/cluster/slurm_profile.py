"""What a lab's Slurm wants to know of a job, in a file of the lab: `--on slurm:PROFILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta
from platformdirs import user_config_path

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_toml

DEFAULT = "default"
Most = Annotated[int, Meta(ge=1)]
Line = Annotated[str, Meta(pattern=r"^[^\r\n]*$")]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One worker is one task of a job array."""

    workers: Most = 4
    minutes: Annotated[int, Meta(ge=2)] = 120
    """The wall time of a worker."""
    cpus: Most = 1
    memory_gb: Annotated[float, Meta(gt=0)] = 8.0
    gpus: Annotated[int, Meta(ge=0, le=1)] = 1
    """Of a worker, for work that wants one; other work gets none."""
    partition: Line = ""
    account: Line = ""
    interface: Line = ""
    """The network between the nodes, as `ib0`, where the usual one doesn't reach them."""
    python: Line = ""
    """Where the nodes have woz in another environment than this computer."""
    options: tuple[Line, ...] = ()
    """More for sbatch, as `--constraint=a100`."""
    setup: tuple[Line, ...] = ()
    """Lines of the shell before the worker, as `module load cuda`."""


def profile_named(name: str) -> Profile:
    """A file's path (.toml), or the name of one in woz's settings; without a name `default`, or what is usual.

    Raises WozError where it isn't there or is not as it should be.
    """
    path = Path(name) if name.endswith(".toml") else user_config_path("woz") / "slurm" / f"{name or DEFAULT}.toml"
    if not name and not path.exists():
        return Profile()
    try:
        return read_toml(path, Profile)
    except OSError as error:
        raise WozError(
            f"The Slurm profile {path} can't be read ({reason_of(error)}); write one, or leave its name out."
        ) from error
    except Unsound as error:
        raise WozError(f"The Slurm profile {path} can't be used: {error}; correct it.") from error
