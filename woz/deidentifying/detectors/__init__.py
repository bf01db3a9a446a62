"""Detectors of faces: each a plug-in with a name, a version and the hash of its weights."""
