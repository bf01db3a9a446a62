"""Formats of action segmentation and detection benchmarks."""
