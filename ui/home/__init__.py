"""The library: sessions of a project, and what can be begun with them."""
