"""What a scheme demands of annotations, and what of a session doesn't meet it."""
