"""The station, near the trainee."""
