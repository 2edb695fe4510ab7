"""The main job, end to end, on the terminal: `python -m local.demo`.

Starts the local cloud in a folder of its own, plays the scenes over HTTP as a person would, and
compares both sides' books at the end. It proves nothing by itself: every status that it shows was
asked of the API, every execution of the simulator.
"""
