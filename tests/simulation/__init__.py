"""Weeks of a made-up business: the real code over simulated neighbours, one thread, one seed.

What runs is ours: use cases, domain, and the adapters for DynamoDB, SQS, Secrets Manager and
Monoova. What is simulated lies beneath them: the services' answers, time, the network and the
people. At every call anything may go wrong; the invariants are checked after every write.
"""
