"""Procedures as task graphs, and as files that people read, write and send to each other."""
