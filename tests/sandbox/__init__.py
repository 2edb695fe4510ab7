"""One cent by the provider's real sandbox: the use cases and the real client, the store in memory.

Only for whoever has an account there and asks for it. What did not run is never called passed.
"""
