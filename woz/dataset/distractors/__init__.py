"""Wrong answers by rules: where they come from, and what gives them away."""
