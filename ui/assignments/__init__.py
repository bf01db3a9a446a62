"""The window of the work that is shared out: who does what, how far it is, giving it and returning it."""
