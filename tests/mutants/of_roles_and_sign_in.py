"""Mutants of the doors: who is asking, what they may, and whether they have just signed in."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import JUST_NOW, MAY

ACCESS = "chalicelib/api/access.py"
IDENTITY = "chalicelib/api/identity.py"
INTAKE = "chalicelib/api/intake.py"
FRESHNESS = "chalicelib/api/freshness.py"
DOORS = "chalicelib/api/doors.py"
T_ROLES = "tests/api/test_roles.py::test_"
T_IDENTITY = "tests/api/test_identity.py::test_"
T_FRESHNESS = "tests/api/test_freshness.py::test_"
T_PAYOUTS = "tests/api/test_payouts_routes.py::test_"
WHO = T_ROLES + "who_may_and_who_may_not"

MUTANTS = (
    Mutant(
        "nobody asks whether they may",
        INTAKE,
        "        who.may(operation.roles)\n",
        "",
        MAY,
        (WHO + "[POST /payouts-viewer]",),
    ),
    Mutant(
        "any role will do",
        IDENTITY,
        "if not self.roles & roles:",
        "if not self.roles | roles:",
        MAY,
        (T_IDENTITY + "a_principal_without_any_of_the_roles_may_not",),
    ),
    Mutant(
        "a group that holds the name of a role is that role",
        IDENTITY,
        "if role.value in words(groups))",
        "if role.value in str(groups))",
        MAY,
        (T_ROLES + "a_person_in_no_group_or_in_a_strange_one_may_nothing[POST /payouts]",),
    ),
    Mutant(
        "a token of another kind, client or pool says who somebody is",
        IDENTITY,
        "    if any(claims.get(name) != value for name, value in expected.items()):",
        "    if all(claims.get(name) != value for name, value in expected.items()):",
        MAY,
        (T_IDENTITY + "anything_odd_about_the_claims_is_nobody",),
    ),
    Mutant(
        "an access token is an ID token",
        IDENTITY,
        '{"token_use": "id", "aud": client_id',
        '{"aud": client_id',
        MAY,
        (T_IDENTITY + "anything_odd_about_the_claims_is_nobody",),
    ),
    Mutant(
        "a service that does not know its own pool believes those that know none either",
        IDENTITY,
        "    if not (client_id and issuer):",
        "    if not (client_id or issuer):",
        MAY,
        (T_IDENTITY + "a_service_that_does_not_know_its_own_pool_knows_nobody",),
    ),
    Mutant(
        "a viewer asks for payouts",
        ACCESS,
        '    "POST /payouts": Access(DRAFTERS),',
        '    "POST /payouts": Access(DRAFTERS | READERS),',
        MAY,
        (WHO + "[POST /payouts-viewer]", WHO + "[POST /payouts-approver]"),
    ),
    Mutant(
        "a bot cancels",
        ACCESS,
        '    "POST /payouts/{transaction_id}/cancel": Access(MAKERS),',
        '    "POST /payouts/{transaction_id}/cancel": Access(DRAFTERS),',
        MAY,
        (WHO + "[POST /payouts/{transaction_id}/cancel-bot]",),
    ),
    Mutant(
        "an operator agrees",
        ACCESS,
        "APPROVERS = frozenset({Role.APPROVER, Role.ADMIN})",
        "APPROVERS = frozenset({Role.OPERATOR, Role.APPROVER, Role.ADMIN})",
        MAY,
        (WHO + "[POST /approvals/{transaction_id}/approve-operator]",),
    ),
    Mutant(
        "an approver gives money by hand",
        ACCESS,
        '    "POST /customers/{customer_id}/credits": Access(ADMINS, fresh=True),',
        '    "POST /customers/{customer_id}/credits": Access(APPROVERS, fresh=True),',
        MAY,
        (WHO + "[POST /customers/{customer_id}/credits-approver]",),
    ),
    Mutant(
        "a route that nobody decided on is everybody's",
        ACCESS,
        "        return MATRIX[route]",
        "        return MATRIX.get(route, ANYBODY)",
        MAY,
        (T_ROLES + "a_route_that_the_matrix_does_not_know_cannot_be_registered",),
    ),
    Mutant(
        "a route has no authorizer at the gateway",
        DOORS,
        "authorizer=None if operation.roles is None else self.authorizer",
        "authorizer=self.authorizer if operation.roles is None else None",
        MAY,
        (T_ROLES + "every_route_but_the_public_ones_has_the_authorizer_of_the_people",),
    ),
    Mutant(
        "what a bot asks for is sent at once",
        ACCESS,
        "    return Role.BOT in roles or not roles & MAKERS",
        "    return not roles",
        MAY,
        (T_PAYOUTS + "what_a_bot_asks_for_waits_for_a_person_and_is_not_sent",),
    ),
    Mutant(
        "a bot that is in another group, too, sends",
        ACCESS,
        "    return Role.BOT in roles or ",
        "    return ",
        MAY,
        (T_PAYOUTS + "what_a_bot_asks_for_waits_for_a_person_and_is_not_sent",),
    ),
    Mutant(
        "what cannot be taken back takes an old sign-in",
        INTAKE,
        "        if operation.access.fresh:",
        "        if operation.access is None:",
        JUST_NOW,
        (T_FRESHNESS + "an_old_sign_in_is_refused_with_the_challenge_of_the_standard",),
    ),
    Mutant(
        "agreeing to a payout takes an old sign-in",
        ACCESS,
        '    "POST /approvals/{transaction_id}/approve": Access(APPROVERS, fresh=True),',
        '    "POST /approvals/{transaction_id}/approve": Access(APPROVERS),',
        JUST_NOW,
        (T_FRESHNESS + "every_operation_that_needs_it_says_so",),
    ),
    Mutant(
        "an old sign-in counts a second longer",
        FRESHNESS,
        "signed_in <= longest * 60:",
        "signed_in <= longest * 60 + 1:",
        JUST_NOW,
        (T_FRESHNESS + "a_sign_in_counts_for_ten_minutes_and_may_be_a_minute_ahead",),
    ),
    Mutant(
        "a sign-in counts a second less",
        FRESHNESS,
        "signed_in <= longest * 60:",
        "signed_in < longest * 60:",
        JUST_NOW,
        (T_FRESHNESS + "a_sign_in_counts_for_ten_minutes_and_may_be_a_minute_ahead",),
    ),
    Mutant(
        "a sign-in that is yet to come counts",
        FRESHNESS,
        "not -SKEW <= int(now.timestamp()) - signed_in <=",
        "not int(now.timestamp()) - signed_in <=",
        JUST_NOW,
        (T_FRESHNESS + "a_sign_in_counts_for_ten_minutes_and_may_be_a_minute_ahead",),
    ),
    Mutant(
        "a token that does not say when is of just now",
        FRESHNESS,
        "if signed_in is None or not",
        "if signed_in is not None and not",
        JUST_NOW,
        (T_FRESHNESS + "a_token_that_does_not_say_when_is_not_fresh",),
    ),
    Mutant(
        "a moment that is followed by anything is a moment",
        FRESHNESS,
        "_SECONDS.fullmatch(told)",
        "_SECONDS.match(told.strip())",
        JUST_NOW,
        (T_FRESHNESS + "a_moment_that_is_garbled_is_none",),
    ),
    Mutant(
        "everybody has a second factor",
        FRESHNESS,
        "if _with_mfa(claims) else self.minutes",
        "if claims else self.minutes",
        JUST_NOW,
        (T_FRESHNESS + "what_is_not_that_word_is_no_second_factor",),
    ),
    Mutant(
        "a sign-in is held against a clock that may be a simulated one",
        INTAKE,
        "now=house.issuer_clock.now())",
        "now=house.clock.now())",
        JUST_NOW,
        (T_FRESHNESS + "the_time_is_that_of_the_issuer_and_not_the_houses_own",),
    ),
)
