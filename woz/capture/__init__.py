"""Sources of view and sound: glasses, recordings, cameras, sound cards, and a drawn table."""
