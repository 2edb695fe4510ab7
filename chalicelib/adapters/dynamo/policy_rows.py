"""A policy and its changes as rows of the control table, and back.

A policy is one text, so that reading it on every payout's way costs one look into a small memory.
"""

from __future__ import annotations

import json
from functools import lru_cache

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, instant, moment
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.policy import DEFAULT, Policy, from_plain, to_plain
from chalicelib.domain.policy_change import Change, Outcome, Proposal, Word

CURRENT, PROPOSED = "policy#current", "policy#proposed"
# The list of all changes in the table's index by what a row is about.
ABOUT = "policy"
# Versions as text that sorts as they do.
_DIGITS = 10


def policy_from(row: Row | None, default: Policy = DEFAULT) -> Policy:
    """The policy in force by the row `CURRENT`; the default where there is no row.

    Raises:
        Corrupt: the row holds no policy.
    """
    if row is None:
        return default
    with understood("the row of the policy in force"):
        policy, version = _policy(row["policy"]), row["version"]
    if policy.version != version:
        raise Corrupt("the row of the policy in force holds another one")
    return policy


def history_key(change: Change) -> str:
    """Where a change is kept: an agreed one by its version, a dismissed one by its digest."""
    if change.outcome is Outcome.AGREED:
        return f"policy#{change.policy.version:0{_DIGITS}}"
    return dismissed_key(change.proposal.digest)


def dismissed_key(digest: str) -> str:
    """Where a dismissed proposal is kept."""
    return f"policy#dismissed#{digest}"


def proposal_row(proposal: Proposal) -> Row:
    """The row of what is proposed."""
    return {"key": PROPOSED, **_proposal(proposal)}


def change_row(change: Change, key: str) -> Row:
    """The row of a change: in force, or in the history, where it is listed."""
    listed = {} if key == CURRENT else {"about": ABOUT, "listed_at": instant(change.ended.at)}
    return {
        "key": key, **listed, **_proposal(change.proposal),
        "outcome": change.outcome.value, **_word("ended", change.ended),
    }  # fmt: skip


def proposal_from(row: Row) -> Proposal:
    """The proposal of its row.

    Raises:
        Corrupt: it holds none, or not the one whose digest it has.
    """
    with understood(f"the row {row.get('key')}"):
        proposal = Proposal(_policy(row["policy"]), _read_word(row, "proposed"))
        if proposal.digest != row.get("digest"):
            raise Corrupt(f"the row {row.get('key')} is not what was proposed")
        return proposal


def change_from(row: Row) -> Change:
    """The change of its row.

    Raises:
        Corrupt: it holds none, or not the one whose digest it has.
    """
    proposal = proposal_from(row)
    with understood(f"the row {row.get('key')}"):
        return Change(proposal, Outcome(row["outcome"]), _read_word(row, "ended"))


def _proposal(proposal: Proposal) -> Row:
    return {
        "policy": json.dumps(to_plain(proposal.policy), sort_keys=True),
        "version": proposal.policy.version,
        "digest": proposal.digest,
        **_word("proposed", proposal.proposed),
    }


def _word(name: str, word: Word) -> Row:
    return {
        f"{name}_by": word.by, f"{name}_at": instant(word.at),
        f"{name}_in": word.request_id, f"{name}_why": word.reason,
    }  # fmt: skip


def _read_word(row: Row, name: str) -> Word:
    return Word(
        row[f"{name}_by"], moment(row[f"{name}_at"]), row.get(f"{name}_in", ""),
        row.get(f"{name}_why", ""),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _policy(text: str) -> Policy:
    return from_plain(json.loads(text))
