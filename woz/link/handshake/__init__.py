"""Who may come in: invitations, certificates and the handshake that proves both."""
