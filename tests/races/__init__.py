"""Many clients in several processes at several real doors, all at once; the books compared."""
