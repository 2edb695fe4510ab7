"""What a payout costs to run: what AWS counts of our use, times its prices, over the payouts.

Whatever grows with use is in it, what runs while nobody pays included; what is paid by the month
(keys, secrets, metrics, alarms, dashboards, the provider's fees) is not. Prices are in US dollars,
and rather too high than too low; where they differ the bill is right.
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
# As looked up on 22 November 2026. AWS's pages of prices show no figures without a browser, so
# these are as others copied them.
# - Lambda: arm64 0.0000133334 a GB-second, x86 0.0000166667, a million invocations 0.20 (copies of
#   aws.amazon.com/lambda/pricing; Sydney is none of the regions that differ). The dearer is taken.
# - Logs: 0.67 a GB taken in, in Sydney (a copy of AWS's price lists of September 2026).
# - DynamoDB: a million units are 0.625 to write and 0.125 to read in Virginia since it was halved
#   in November 2024 (airbyte.com/data-engineering-resources/dynamodb-pricing). For Sydney no figure
#   of today was found: 1.4231 and 0.2846, of Singapore before that, are kept, rounded up.
# - API Gateway: a million requests are 3.50 in AWS's own paper on private APIs ("Cost optimization"
#   on docs.aws.amazon.com), of no named region. For Sydney none was found: a fifth more.
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
