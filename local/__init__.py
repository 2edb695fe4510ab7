"""The cloud on a laptop: engines, simulator, launcher. Never shipped; refuses to run on Lambda."""
