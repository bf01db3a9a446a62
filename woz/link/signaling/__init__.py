"""How station and console begin to talk: the handshake over WebSockets in TLS."""
