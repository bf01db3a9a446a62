"""Where station and console meet when neither can be called from outside."""
