"""What a payout costs to run: what AWS counts of our use, times its prices, over the payouts.

Whatever grows with use is in it, what runs while nobody pays included; what is paid by the month
(keys, secrets, metrics, alarms, dashboards, the provider's fees) is not. Prices are rounded up from
AWS's list for ap-southeast-2, in US dollars; where they differ the bill is right.
"""

from deployment.alarms import FUNCTIONS
from deployment.logs import group_of
from deployment.measures import Cost, Series, functions, gateway, ours

# Of the template: memory of functions in MB, and indexes of tables.
MEMORY = dict.fromkeys(FUNCTIONS, 512) | {"WebhookHandler": 256, "Night": 1024}
INDEXES = {
    "TransactionsTable": ("open-work", "by-customer", "by-date", "attention", "by-change"),
    "CustomersTable": ("all", "untold"),
    "EventsTable": (),
    "ControlTable": ("attention", "listing", "about"),
}
GB_SECOND, INVOCATION, REQUEST = 0.0000167, 0.0000002, 0.00000425
WRITE_UNIT, READ_UNIT, BYTE_OF_LOG = 0.0000015, 0.0000003, 0.0000000007


def _of_functions() -> tuple[tuple[Series, float], ...]:
    return tuple(
        priced
        for each, memory in MEMORY.items()
        for priced in (
            (functions("Duration", each)[0], GB_SECOND * memory / 1024 / 1000),
            (functions("Invocations", each)[0], INVOCATION),
            (_bytes_of_log(each), BYTE_OF_LOG),
        )
    )


def _bytes_of_log(function: str) -> Series:
    group = {"LogGroupName": {"Ref": group_of(function)}}
    return Series("IncomingBytes", "Sum", "AWS/Logs", group)


def _of_tables() -> tuple[tuple[Series, float], ...]:
    of_tables = [{"TableName": {"Ref": each}} for each in INDEXES]
    of_indexes = [
        {"TableName": {"Ref": table}, "GlobalSecondaryIndexName": index}
        for table, indexes in INDEXES.items()
        for index in indexes
    ]
    units = (("ConsumedWriteCapacityUnits", WRITE_UNIT), ("ConsumedReadCapacityUnits", READ_UNIT))
    return tuple(
        (Series(name, "Sum", "AWS/DynamoDB", told), price)
        for told in of_tables + of_indexes
        for name, price in units
    )


A_PAYOUT = Cost(
    (*_of_functions(), *_of_tables(), (gateway("Count"), REQUEST)), ours("PayoutsEnded")
)
