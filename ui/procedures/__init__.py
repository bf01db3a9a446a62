"""The window in which procedures are made and changed: the tree of steps, what each is, and what it requires."""
