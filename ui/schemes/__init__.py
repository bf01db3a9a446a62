"""The scheme window: schemes made and changed without writing YAML."""
