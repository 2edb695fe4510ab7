"""What is true: money, destinations, the life of a payout."""
