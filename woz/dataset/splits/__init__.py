"""Which part of a data set a session belongs to: train, validation, test."""
