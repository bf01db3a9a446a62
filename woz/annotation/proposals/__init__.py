"""What a machine proposes to annotators: a child process a proposer, and what a person decides on each."""
