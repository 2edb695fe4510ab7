"""What the use cases need from the world, as protocols; fakes and adapters keep the same promises.

Nothing here knows AWS or HTTP.
"""

from chalicelib.domain.recorded import Recorded
from chalicelib.ports.account_checks import (
    AccountChecks,
    Beginning,
    BsbDirectory,
    Judged,
    Verifier,
)
from chalicelib.ports.bank_files import BankFiles
from chalicelib.ports.circuits import Circuits
from chalicelib.ports.courier import Courier
from chalicelib.ports.desk import Desk
from chalicelib.ports.findings import FindingFilter, Findings, Found
from chalicelib.ports.keeping import Sweeps
from chalicelib.ports.keys import Keys, Use
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
from chalicelib.ports.nights import (
    Archive,
    Changes,
    DayBook,
    Herald,
    Kept,
    Nights,
    Signed,
    Signer,
)
from chalicelib.ports.notices import NoticeFilter, Notices
from chalicelib.ports.opening import Opening, Question
from chalicelib.ports.pace import Pace
from chalicelib.ports.parked import ParkedLetters
from chalicelib.ports.pauses import Pauses
from chalicelib.ports.policies import InForce, Policies
from chalicelib.ports.receipts import Receipts
from chalicelib.ports.rounds import Rounds
from chalicelib.ports.schedules import ScheduleFilter, Schedules
from chalicelib.ports.settlements import Settlements
from chalicelib.ports.store import (
    Customers,
    Page,
    PayoutFilter,
    Payouts,
    Sketch,
    Treasury,
)
from chalicelib.ports.subscriptions import Bulletins, Repairs, Report, Run, Subscriptions, Tokens
from chalicelib.ports.words import Unmapped, Words
from chalicelib.ports.workbench import Workbench

__all__ = [
    "AccountChecks",
    "AccountEntry",
    "Archive",
    "BankFiles",
    "Beginning",
    "BsbDirectory",
    "Bulletins",
    "Changes",
    "Circuits",
    "Clock",
    "Courier",
    "Customers",
    "DayBook",
    "DeadLetters",
    "Desk",
    "FindingFilter",
    "Findings",
    "Found",
    "Gate",
    "Herald",
    "InForce",
    "Inbox",
    "Judged",
    "Kept",
    "Keys",
    "Liquidity",
    "Nights",
    "NoticeFilter",
    "Notices",
    "Opening",
    "Pace",
    "Page",
    "ParkedLetters",
    "Pauses",
    "PayoutFilter",
    "Payouts",
    "Policies",
    "Provider",
    "Question",
    "Receipts",
    "Recorded",
    "Repairs",
    "Report",
    "Rounds",
    "Run",
    "ScheduleFilter",
    "Schedules",
    "Settled",
    "Settlements",
    "Signed",
    "Signer",
    "Sketch",
    "Subscriptions",
    "Sweeps",
    "Tokens",
    "Treasury",
    "Unmapped",
    "Use",
    "Vault",
    "Verifier",
    "Words",
    "Workbench",
]
