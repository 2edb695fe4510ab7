"""What idempotency means for an API that pays out: twelve cases that any such API can be put to."""
