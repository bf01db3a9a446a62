"""Heavy parts that the program may lack: an environment each, made on the spot, in which woz's own modules run."""
