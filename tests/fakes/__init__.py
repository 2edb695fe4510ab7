"""The ports in memory: they keep the same promises as the adapters, and can be told to fail."""
