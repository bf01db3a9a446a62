"""Values only: what a recorded session consists of."""
