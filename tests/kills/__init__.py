"""The app, the poller and the reprocessor, killed in the middle of everything; the books compared.

Real processes on a real port; the engine and the provider's simulator live on.
"""
