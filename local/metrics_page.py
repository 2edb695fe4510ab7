"""The page of metrics, made from the table that they are written by.

`python -m local.metrics_page > docs/metrics.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from chalicelib.metrics import APART, METRICS, NAMESPACE, STAGE, Metric
from deployment.measures import sets_of

# CloudWatch's price of one for a month, and how many an account has free of charge.
CENTS, FREE = 30, 10

HEAD = f"""\
# What is logged, and what is measured

Made by `python -m local.metrics_page` from `chalicelib/metrics.py`: change the table, then write
this page anew.

## Lines

Every line of log is one JSON object: what happened (`event`), and its fields, all written by one
function (`tell` in `chalicelib/json_lines.py`). There is one for each invocation; one for each call
that goes out, to the provider and to AWS alike (`outbound`, whose `operation` is `monoova.execute`,
say, or `dynamodb.TransactWriteItems`); one for what a person decided; one for each step that
begins, ends or endangers a payout; and once a minute one of how it all stands, with one for each
circuit. Each has `request_id`;
`correlation_id`, the request that it goes back to (of a dead letter that is heard again, the one
with which the webhook first came in); and `trace_id` where it is traced.

No line has a body, a name, an account, a PayID, an address, a key or a token. Of what libraries log
only the form of the message is written, never what they put into it. At the end of each run of the
tests all that was written in it is searched for every secret and every person that they use: lines
with all their fields, problems, what was printed, the logs of local stacks; in plain, masked too
little, escaped or encoded (`tests/redaction/`). Whatever is found makes the run red.

## Metrics

They are fields of those lines (CloudWatch's embedded metric format), of the namespace
`{NAMESPACE}`: to measure calls nobody, and can make nothing slower or fail. Each is told in total
of its `{STAGE}`, and kept apart by what the table says, which has few and known values. Reasons are
our own words for them ([reasons.md](reasons.md)), never the provider's text. No rule rests on a
metric; where a reply of the store is lost, a step may be counted twice or not at all.

"""
COST = """
CloudWatch charges for each combination on its own: {sets} for a stage at most, which a test bounds.
At 0.30 USD each that is {whole} USD a month, {paid} once the {free} that are free are taken off; an
hour in which one is not told costs nothing, so whatever is of payouts alone comes to less. By what
has more values (the reason, the operation, the customer) nothing is kept apart: the lines say it
(`reason`, `operation`, `customer_id`), and the dashboards ask them.

{values}

| Metric | Unit | By | Sets | What |
|---|---|---|---|---|
"""


def page() -> str:
    """The page."""
    rows = [_row(each) for each in METRICS]
    sets = sum(map(sets_of, METRICS))
    values = [f"- `{name}`: {', '.join(APART[name])}" for name in APART]
    cost = COST.lstrip().format(
        sets=sets,
        free=FREE,
        values="\n".join(values),
        whole=_dollars(sets),
        paid=_dollars(sets - FREE),
    )
    return HEAD + cost + "\n".join(rows) + "\n"


def _row(it: Metric) -> str:
    by = ", ".join(it.by) or "-"
    return f"| `{it.name}` | {it.unit} | {by} | {sets_of(it)} | {it.what} |"


def _dollars(sets: int) -> str:
    return f"{sets * CENTS // 100}.{sets * CENTS % 100:02}"


if __name__ == "__main__":
    print(page(), end="")
