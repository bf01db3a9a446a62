"""Repositories: one a kind of value, each speaking in woz's own."""
