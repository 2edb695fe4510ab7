"""The payout service. `app.py` is the map; the house is core, use cases, doors."""
