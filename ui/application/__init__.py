"""What every window's process has: the one QApplication, the bridge from the core's threads, the control."""
