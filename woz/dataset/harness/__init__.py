"""A release in the forms that evaluation and training tools load."""
