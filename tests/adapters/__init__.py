"""Adapters, each against a stand-in of what it talks to."""
