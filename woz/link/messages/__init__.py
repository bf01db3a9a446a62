"""What the two ends say to each other beside the media."""
