"""What every room uses: intervals, clocks, errors, settings, the live loop, child processes, schemas."""
