"""Dask's schedulers and workers: on this machine, or at an address. Only this room knows Dask."""
