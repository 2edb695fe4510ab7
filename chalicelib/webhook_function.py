"""The provider's way in as a function of its own: the app, without what people need of it.

Its route is declared where all are (`routes/webhooks.py`), and opened with the first webhook.
"""

from chalicelib.front import app
from chalicelib.usecases import receive

__all__ = ["app", "receive"]
