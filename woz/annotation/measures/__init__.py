"""How far two or more annotators agree. What isn't defined is None, never 1 and never NaN."""
