"""Tables, for machines and for spreadsheets."""
