"""What recorded files say of themselves: integrity, sync, figures; and the recovery of what a crash left."""
