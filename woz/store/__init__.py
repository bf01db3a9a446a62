"""Recordings on a store that many computers reach: sent, fetched, kept here within a limit, by hashes."""
