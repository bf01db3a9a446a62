"""Question sets proposed from a dialogue, and wrong answers for them."""
