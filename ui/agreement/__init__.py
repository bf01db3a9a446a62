"""The agreement window: words first, then figures, each of which opens its list and plays it."""
