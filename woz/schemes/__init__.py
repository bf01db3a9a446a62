"""Schemes as files that people read, write and send to each other; what is wrong with them, and by them."""
