"""View and voices as RTP packets: fragments, FEC, retransmission, rate, jitter buffer."""
