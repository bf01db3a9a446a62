"""Sound as samples: reading, laying on session time, mixing, levels, correlation."""
