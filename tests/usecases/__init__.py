"""What happens, over the ports in memory."""
