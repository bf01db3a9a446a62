"""Work over many sessions as a run with a ledger on a disk, done by Dask's workers, here or on a cluster."""
