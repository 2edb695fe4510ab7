"""The real app over the real adapters, an AWS engine and the provider's simulator."""
