"""The doors: everything that is true of HTTP, over fakes."""
