"""Dask's schedulers and workers: on this machine, at an address, in jobs of Slurm. Only this room knows Dask."""
