"""Tests, beside the code that they mirror."""
