"""Floods of webhooks at the app's own functions, and a store that is away for hours meanwhile."""
