"""Tests of what makes the package, and of what refuses one that is not whole."""
