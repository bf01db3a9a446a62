"""Who said what and when: recognition in a process of its own, and its result as turns."""
