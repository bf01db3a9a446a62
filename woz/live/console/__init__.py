"""The console, where the expert sits."""
