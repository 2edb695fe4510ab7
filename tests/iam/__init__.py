"""What each function may do in AWS, held against what it does."""
