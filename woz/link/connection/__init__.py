"""The path between two ends: ICE, DTLS and the data channels."""
