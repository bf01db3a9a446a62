"""Live Project Aria glasses, whose SDK runs in a process of its own."""
