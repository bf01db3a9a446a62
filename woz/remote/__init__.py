"""Packages for annotators who work elsewhere, and what comes back: their forms as files, encrypted by age."""
