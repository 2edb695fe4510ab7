"""The comparisons run, and hold what is said of them."""
