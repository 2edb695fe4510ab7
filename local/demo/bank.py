"""The bank of the demo, to which people take files: it reads their lines, and tells what came back.

It knows nothing but the bytes that it is brought, and keeps its own sums of them.
"""

from dataclasses import dataclass, field
from decimal import Decimal

END = "\r\n"
CLOSED = "3"  # the bank's code of why: the account is closed


@dataclass
class Bank:
    """What it paid and gave back so far, in dollars, and the lines that it read."""

    paid: Decimal = Decimal("0.00")
    returned: Decimal = Decimal("0.00")
    head: str = ""
    lines: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Pay each line of a file."""
        self.head, *rows = text.split(END)
        self.lines = [row for row in rows if row.startswith("1")]
        self.paid += sum((_amount(line) for line in self.lines), Decimal("0.00"))

    def give_back(self, line: str) -> str:
        """The file by which it tells that the payment of a line came back."""
        self.returned += _amount(line)
        back = f"2{line[1:17]}{CLOSED}{line[18:112]}02{self.head[56:62]}"
        cents = line[20:30]
        totals = f"7999-999{'':12}{cents}{cents}{0:010d}{'':24}{1:06d}{'':40}"
        return "".join(row + END for row in (self.head, back, totals))


def payee(line: str) -> str:
    """To whom a line pays, as the bank reads it."""
    return line[30:62].rstrip()


def _amount(line: str) -> Decimal:
    return Decimal(line[20:30]).scaleb(-2)
