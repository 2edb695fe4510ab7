"""What the use cases need from the world, as protocols; fakes and adapters keep the same promises.

Nothing here knows AWS or HTTP.
"""

from chalicelib.ports.findings import Findings
from chalicelib.ports.liquidity import Liquidity
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
from chalicelib.ports.notices import NoticeFilter, Notices
from chalicelib.ports.parked import ParkedLetters
from chalicelib.ports.receipts import Receipts
from chalicelib.ports.settlements import Settlements
from chalicelib.ports.store import (
    Customers,
    Opening,
    Page,
    PayoutFilter,
    Payouts,
    Recorded,
    Sketch,
    Treasury,
)
from chalicelib.ports.subscriptions import Bulletins, Repairs, Report, Run, Subscriptions, Tokens

__all__ = [
    "AccountEntry",
    "Bulletins",
    "Clock",
    "Customers",
    "DeadLetters",
    "Findings",
    "Gate",
    "Inbox",
    "Liquidity",
    "NoticeFilter",
    "Notices",
    "Opening",
    "Page",
    "ParkedLetters",
    "PayoutFilter",
    "Payouts",
    "Provider",
    "Receipts",
    "Recorded",
    "Repairs",
    "Report",
    "Run",
    "Settled",
    "Settlements",
    "Sketch",
    "Subscriptions",
    "Tokens",
    "Treasury",
    "Vault",
]
