"""The conditions that a scheme's rules are made of: a small closed language, read, checked and evaluated."""
