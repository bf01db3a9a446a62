"""Masks voices in recordings: the same words at the same times, in a voice that is less like its owner's."""
