"""The expert's desk: the trainee's view with all that the expert says, marks and shows around it."""
