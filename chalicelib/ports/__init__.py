"""What the use cases need from the world, as protocols; fakes and adapters keep the same promises.

Nothing here knows AWS or HTTP.
"""

from chalicelib.ports.findings import Findings
from chalicelib.ports.neighbours import (
    AccountEntry,
    Clock,
    DeadLetters,
    Gate,
    Inbox,
    Provider,
    Settled,
    Vault,
)
from chalicelib.ports.settlements import Settlements
from chalicelib.ports.store import (
    Customers,
    Notices,
    Opening,
    Page,
    Parked,
    PayoutFilter,
    Payouts,
    Recorded,
    Treasury,
)

__all__ = [
    "AccountEntry",
    "Clock",
    "Customers",
    "DeadLetters",
    "Findings",
    "Gate",
    "Inbox",
    "Notices",
    "Opening",
    "Page",
    "Parked",
    "PayoutFilter",
    "Payouts",
    "Provider",
    "Recorded",
    "Settled",
    "Settlements",
    "Treasury",
    "Vault",
]
