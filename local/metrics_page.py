"""The page of metrics, made from the table that they are written by.

`python -m local.metrics_page > docs/metrics.md` writes it anew; a test holds the two together.
"""

from __future__ import annotations

from chalicelib.metrics import METRICS, NAMESPACE, STAGE

HEAD = f"""\
# What is logged, and what is measured

Made by `python -m local.metrics_page` from `chalicelib/metrics.py`: change the table, then write
this page anew.

## Lines

Every line of log is one JSON object. There is one for each invocation, one for each call that goes
out, one for what a person decided, one for each step that begins, ends or endangers a payout, and
once a minute one of how it all stands, with one for each circuit. Each has `request_id`;
`correlation_id`, the request that it goes back to (of a dead letter that is heard again, the one
with which the webhook first came in); and `trace_id` where it is traced.

No line has a body, a name, an account, a PayID, an address, a key or a token. Of what libraries log
only the form of the message is written, never what they put into it.

## Metrics

They are fields of those lines (CloudWatch's embedded metric format), of the namespace
`{NAMESPACE}`: to measure calls nobody, and can make nothing slower or fail. Each is told in total
of its `{STAGE}`, and kept apart by what the table says, which has few and known values. Reasons are
our own words for them ([reasons.md](reasons.md)), never the provider's text. No rule rests on a
metric; where a reply of the store is lost, a step may be counted twice or not at all.

| Metric | Unit | By | What |
|---|---|---|---|
"""


def page() -> str:
    """The page."""
    rows = [
        f"| `{each.name}` | {each.unit} | {', '.join(each.by) or '-'} | {each.what} |"
        for each in METRICS
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")
