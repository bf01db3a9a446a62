"""Of what several annotators marked, the gold: what they agree on, what they don't, and who decided what of it."""
