"""Comparisons with how others do it, measured: nothing here ships, and nothing rests on it."""
