"""The station's end of the link, the console's, and the observers'."""
