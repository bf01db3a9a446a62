"""The annotation files of published data sets."""
