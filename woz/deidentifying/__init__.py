"""Faces in films: found, followed, reviewed by people, blurred in a copy, and counted again as proof."""
