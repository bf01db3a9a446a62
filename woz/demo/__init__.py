"""The scripted people of the demo, and the sound server that they speak through."""
