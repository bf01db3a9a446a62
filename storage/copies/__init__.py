"""A project copied whole: backed up, restored, brought to a server and back, with its recordings."""
