"""Days on which something goes wrong, and whether anybody would be called."""
