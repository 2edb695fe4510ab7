"""A week of nights over the whole app and the simulated provider, with faults planted in it."""
