"""What makes the package that deploys, and refuses one that is not whole. Never shipped itself."""
