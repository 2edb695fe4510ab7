"""What happens, in order: one verb a module, over the ports that it names as keyword arguments."""
