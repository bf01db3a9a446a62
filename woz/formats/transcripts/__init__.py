"""Formats of what was said, and when: subtitles, and those of speech evaluations."""
