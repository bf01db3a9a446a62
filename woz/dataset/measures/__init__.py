"""Measures of benchmarks: numbers in, numbers out; nothing here reads or writes a file."""
