"""The whole local stack in real processes: the provider's webhooks over HTTP, faults and all."""
