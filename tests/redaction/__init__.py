"""What a whole run of the tests wrote, and that nothing of it is personal or secret."""
