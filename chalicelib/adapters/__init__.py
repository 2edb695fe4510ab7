"""How we reach the world: one module for each neighbour, translating to and from domain words."""
