"""The tasks of published benchmarks, each made from a project's tiers and turns as a part of a release."""
