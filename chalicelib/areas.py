"""Which areas of routes there are, and which of them a request needs: opened when it comes.

To import an area opens its routes, and all of them take three times as long as one. Imports none
itself, so that it costs nothing to know them.
"""

from __future__ import annotations

from importlib import import_module

# In the order in which the document shows them.
ALL = (
    "health", "document", "system", "approvals", "customers", "erasure", "payouts", "holds",
    "pauses", "schedules", "money", "webhooks", "dead_letters", "settlements", "provider", "rails",
    "notices", "findings", "reasons", "reconciliations", "verification", "account_checks",
    "policies", "bank_files",
)  # fmt: skip
# By the first segment of a path: whatever answers below it, so that a preflight knows all methods.
BELOW = {
    "approvals": ("approvals",),
    "attention": ("system",),
    "customers": ("account_checks", "customers", "erasure", "money"),
    "dead-letters": ("dead_letters",),
    "docs": ALL,
    "exports": ("bank_files",),
    "findings": ("findings",),
    "funding": ("money",),
    "funds": ("money",),
    "health": ("health",),
    "notices": ("notices",),
    "openapi.json": ALL,
    "pause": ("pauses",),
    "pauses": ("pauses",),
    "payouts": ("holds", "payouts"),
    "policies": ("policies",),
    "provider": ("provider", "system"),
    "rails": ("rails",),
    "reasons": ("reasons",),
    "receipts": ("money",),
    "reconciliations": ("reconciliations", "verification"),
    "resume": ("pauses",),
    "schedules": ("schedules",),
    "settlements": ("money", "settlements"),
    "webhooks": ("webhooks",),
}


def areas_of(path: str) -> tuple[str, ...]:
    """The areas that a path such as `/payouts/{transaction_id}` is in; all where nobody knows."""
    return BELOW.get(path.removeprefix("/").partition("/")[0], ALL)


def open_for(path: str) -> None:
    """See to it that the routes of a path are there."""
    for name in areas_of(path):
        import_module(f"chalicelib.routes.{name}")


def open_all() -> None:
    """See to it that every route is there: the document tells of all, and so does the template."""
    for name in ALL:
        import_module(f"chalicelib.routes.{name}")
