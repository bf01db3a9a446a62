"""Dask's schedulers and workers: on this machine, at an address, or started by Slurm. Only this room knows Dask."""
