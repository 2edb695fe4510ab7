"""The environment, read once: every problem at once, no value shown."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT
from chalicelib.domain.ways import Strategy, Way
from chalicelib.settings import Settings, SettingsError
from chalicelib.wiring.rules import Rules

ARN = "arn:aws:{}:ap-southeast-2:000000000000:{}"
# Needed at every stage.
NEEDED = {
    "STAGE": "dev",
    "MONOOVA_API_SECRET_ARN": ARN.format("secretsmanager", "secret:dev-monoova/api-key-AbCdEf"),
    "MONOOVA_WEBHOOK_SECRET_ARN": ARN.format("secretsmanager", "secret:dev-monoova/webhook-AbCdEf"),
    "CURSOR_SECRET_ARN": ARN.format("secretsmanager", "secret:dev-monoova/cursor-key-AbCdEf"),
    "DYNAMODB_TABLE_TRANSACTIONS": "dev-monoova-transactions",
    "DYNAMODB_TABLE_CUSTOMERS": "dev-monoova-customers",
    "DYNAMODB_TABLE_EVENTS": "dev-monoova-events",
    "DYNAMODB_TABLE_CONTROL": "dev-monoova-control",
    "DLQ_URL": "https://sqs.ap-southeast-2.amazonaws.com/000000000000/dev-monoova-dead-letters",
    "KMS_KEY_ARN": ARN.format("kms", "key/00000000-0000-4000-8000-000000000000"),
    "ARCHIVE_BUCKET": "dev-monoova-archive-000000000000-ap-southeast-2",
    "ATTESTATION_KEY_ARN": ARN.format("kms", "key/00000000-0000-4000-8000-000000000001"),
    "COGNITO_USER_POOL_ID": "ap-southeast-2_fake",
    "COGNITO_USER_POOL_ARN": ARN.format("cognito-idp", "userpool/ap-southeast-2_fake"),
    "COGNITO_CLIENT_ID": "fakeclient",
    "COGNITO_ISSUER": "https://cognito-idp.ap-southeast-2.amazonaws.com/ap-southeast-2_fake",
}
TOKEN = "MONOOVA_MACCOUNT_TOKEN"
DEV = NEEDED | {"ACCOUNT_ID": "000000000000", TOKEN: "6279059700000000"}
PROD = {name: value.replace("dev-monoova", "monoova") for name, value in DEV.items()} | {
    "STAGE": "prod"
}
OF = {"dev": DEV, "prod": PROD}
LOCAL = NEEDED | {"STAGE": "local", "DLQ_URL": "http://127.0.0.1:4566/000000000000/dead-letters"}


def problems(environment):
    with pytest.raises(SettingsError) as caught:
        Settings.read(environment)
    return list(caught.value.problems)


@pytest.mark.parametrize("environment", [DEV, PROD, LOCAL], ids=["dev", "prod", "local"])
def test_an_environment_that_is_whole_is_read(environment):
    assert Settings.read(environment).stage == environment["STAGE"]


def test_what_is_not_said_has_a_value_that_is_safe():
    settings = Settings.read(PROD)
    assert (settings.min_payout, settings.max_payout) == (Money(1), Money(100_000))
    assert (settings.funds_reserve, settings.funds_warning) == (Money(0), Money(0))
    assert settings.funds_fee == Money(15)
    assert (settings.usual_way, settings.de_cut_off_hour) == ("NPP", 20)
    assert settings.require_idempotency_key
    assert settings.webhook_authentication == "both"
    assert (settings.connect_timeout, settings.read_timeout) == (3.0, 12.0)
    assert (settings.quarantine_minutes, settings.sign_in_wait_minutes) == (30, 65)
    assert (settings.de_window_days, settings.max_redrives) == (5, 8)
    assert settings.monoova_source_bsb_field == "sourceBSB"
    assert (settings.cors_origins, settings.clock_url, settings.remitter_name) == ((), None, "")
    assert settings.nights_topic_arn is None
    assert settings.night_hour == 3
    assert settings.default_policy == DEFAULT
    assert settings.verification_hours == 72
    assert settings.schedule_grace_days == 1
    assert settings.mail_from is None
    assert (settings.step_up_minutes, settings.step_up_mfa_minutes) == (10, 60)
    assert not settings.on_lambda


@pytest.mark.parametrize("environment", [DEV, PROD], ids=["dev", "prod"])
@pytest.mark.parametrize("empty", [{}, {TOKEN: ""}, {TOKEN: "  "}])
def test_without_the_account_itself_only_a_laptop_starts(environment, empty):
    without = {name: value for name, value in environment.items() if name != TOKEN}
    assert problems(without | empty) == [f"{TOKEN}: is required, but for the stage local"]
    assert Settings.read(LOCAL | empty).monoova_maccount_token is None


def test_everything_can_be_said():
    settings = Settings.read(
        LOCAL | {
            "MONOOVA_MACCOUNT_TOKEN": "6279059700000000", "MONOOVA_SOURCE_BSB": "802-985",
            "MONOOVA_SOURCE_ACCOUNT": "654378888", "MONOOVA_SOURCE_BSB_FIELD": "sourceAccountBsb",
            "REMITTER_NAME": "Example Payouts", "MIN_PAYOUT": "1", "MAX_PAYOUT": "250.50",
            "REQUIRE_IDEMPOTENCY_KEY": "false", "WEBHOOK_AUTHENTICATION": "token",
            "CORS_ORIGINS": "http://localhost:3000, https://console.example.com",
            "CONNECT_TIMEOUT": "1.5", "READ_TIMEOUT": "2", "QUARANTINE_MINUTES": "1",
            "DE_WINDOW_DAYS": "3", "FIRST_ASK_SECONDS": "1", "SIGN_IN_WAIT_MINUTES": "1",
            "NIGHTS_TOPIC_ARN": ARN.format("sns", "local-monoova-nights"),
            "MAX_REDRIVES": "2", "CLOCK_URL": "http://127.0.0.1:8099/_simulator/clock",
        }
    )  # fmt: skip
    assert (settings.min_payout, settings.max_payout) == (Money(100), Money(25_050))
    assert not settings.require_idempotency_key
    assert settings.cors_origins == ("http://localhost:3000", "https://console.example.com")
    assert settings.monoova_maccount_token == "6279059700000000"
    assert settings.clock_url == "http://127.0.0.1:8099/_simulator/clock"
    assert settings.nights_topic_arn == ARN.format("sns", "local-monoova-nights")


def test_of_the_default_policy_only_what_differs_is_said():
    said = '{"approvals": {"one_above": "250.00", "two_above": 250.5}, "limits": {"shards": 1}}'
    policy = Settings.read(DEV | {"DEFAULT_POLICY": said}).default_policy
    rules = policy.approvals
    assert (rules.one_above, rules.two_above) == (Money(25_000), Money(25_050))
    assert (policy.limits.shards, policy.limits.business) == (1, DEFAULT.limits.business)
    assert (policy.risk, policy.version) == (DEFAULT.risk, 0)


def test_all_that_is_wrong_with_the_default_policy_is_told_at_once_and_no_value_shown():
    said = {
        "approvals": {"one_above": "12.345"}, "limits": {"shards": 99}, "duplicate_days": "8",
        "risk": {"review_from": 60, "blocked_above": 59}, "fake value": 1,
    }  # fmt: skip
    (line,) = problems(DEV | {"DEFAULT_POLICY": json.dumps(said)})
    told = dict(each.split(" ", 1) for each in line.removeprefix("DEFAULT_POLICY: ").split("; "))
    assert told == {
        "/…": "is not known here",
        "/approvals/one_above": "has more than two decimals",
        "/duplicate_days": "must be a whole number",
        "/limits/shards": "must be between 1 and 8",
        "/risk/blocked_above": "must not be below review_from",
    }
    for text in ("fake-value", "[1", '{"limits": {}, "limits": {}}', "null"):
        (line,) = problems(PROD | {"DEFAULT_POLICY": text})
        assert line.startswith("DEFAULT_POLICY: must be ")
        assert "fake" not in line


def test_an_empty_variable_is_not_set_and_an_unknown_one_is_nobodys_business():
    settings = Settings.read(
        DEV | {"MONOOVA_SOURCE_BSB": " ", "CLOCK_URL": "", "X": "y", "ON_LAMBDA": "true"}
    )
    assert settings.monoova_source_bsb is None
    assert settings.clock_url is None
    assert not settings.on_lambda


def test_the_environment_of_the_process_is_read_where_none_is_given(monkeypatch):
    for name, value in DEV.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REMITTER_NAME", "From the process")
    assert Settings.read().remitter_name == "From the process"


def test_an_environment_that_is_empty_lacks_everything_at_once():
    missing = problems({})
    assert [line for line in missing if line.endswith("is not set")] == [
        f"{name}: is not set" for name in sorted(NEEDED)
    ]


def test_every_problem_is_told_at_once_and_no_value_is_shown():
    told = problems(
        DEV | {
            "STAGE": "test-fake-value", "KMS_KEY_ARN": ARN.format("kms", "alias/fake-value"),
            "MONOOVA_MACCOUNT_TOKEN": "fake-value", "MONOOVA_SOURCE_BSB": "fake-value",
            "MAX_PAYOUT": "fake-value", "READ_TIMEOUT": "fake-value", "DLQ_URL": "fake-value",
            "REMITTER_NAME": "x" * 141, "CORS_ORIGINS": "fake-value,*",
            "DYNAMODB_TABLE_EVENTS": DEV["DYNAMODB_TABLE_CONTROL"],
        }
    )  # fmt: skip
    named = {line.split(":")[0] for line in told}
    assert named >= {
        "STAGE", "KMS_KEY_ARN", "MONOOVA_MACCOUNT_TOKEN", "MONOOVA_SOURCE_BSB", "MAX_PAYOUT",
        "READ_TIMEOUT", "DLQ_URL", "REMITTER_NAME", "CORS_ORIGINS",
        "MONOOVA_SOURCE_BSB, MONOOVA_SOURCE_ACCOUNT",
    }  # fmt: skip
    assert any("four different tables" in line for line in told)
    assert "fake-value" not in "\n".join(told)


def test_the_error_is_one_readable_text():
    with pytest.raises(SettingsError) as caught:
        Settings.read(DEV | {"KMS_KEY_ARN": "x", "CLOCK_URL": "x", "STAGE": "local"})
    assert str(caught.value) == (
        "The settings are not valid:\n"
        "  CLOCK_URL: must be a URL\n"
        "  KMS_KEY_ARN: must be the ARN of a key itself, not of an alias"
    )


@pytest.mark.parametrize("marker", ["AWS_LAMBDA_FUNCTION_NAME", "AWS_EXECUTION_ENV"])
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_X"])
def test_on_lambda_no_endpoint_of_anybodys_laptop_is_believed(marker, name):
    environment = PROD | {marker: "fake", name: "http://127.0.0.1:4566"}
    assert problems(environment) == [f"{name}: must not be set on Lambda"]


def test_on_lambda_the_stage_is_not_local():
    environment = LOCAL | {"AWS_LAMBDA_FUNCTION_NAME": "fake"}
    assert problems(environment) == ["STAGE: must not be local on Lambda"]


def test_on_lambda_without_an_endpoint_it_starts():
    assert Settings.read(PROD | {"AWS_LAMBDA_FUNCTION_NAME": "fake"}).on_lambda


def test_elsewhere_an_endpoint_is_welcome():
    assert not Settings.read(LOCAL | {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}).on_lambda


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOCK_URL", "http://127.0.0.1:8099/clock"),
        ("QUARANTINE_MINUTES", "4"),
        ("SIGN_IN_WAIT_MINUTES", "59"),
        ("ARCHIVE_AFTER_DAYS", "61"),
        ("DLQ_URL", "http://sqs.example.com/q"),
        ("COGNITO_ISSUER", "http://cognito.example.com"),
        ("WEBHOOK_URL", "http://payouts.example.com"),
        ("CORS_ORIGINS", "https://a.example.com,http://b.example.com"),
    ],
)
def test_what_is_for_a_laptop_is_refused_elsewhere(stage, name, value):
    told = [each for each in problems(OF[stage] | {name: value}) if each.startswith(f"{name}: ")]
    assert told
    assert Settings.read(LOCAL | {name: value})


@pytest.mark.parametrize("name", ["FUNDS_RESERVE", "FUNDS_WARNING", "FUNDS_FEE"])
def test_what_must_stay_in_the_account_is_an_amount_and_not_less_than_nothing(name):
    assert getattr(Settings.read(PROD | {name: "1000.50"}), name.lower()) == Money(100_050)
    assert problems(PROD | {name: "-0.01"}) == [f"{name}: must not be less than nothing"]
    (problem,) = problems(PROD | {name: "1.005"})
    assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize("name", ["FEE_NPP_PAY_ID", "FEE_NPP_ACCOUNT", "FEE_DIRECT_ENTRY"])
def test_what_a_way_costs_is_exact_and_may_have_parts_of_a_cent(name):
    assert getattr(Settings.read(PROD | {name: "0.0945"}), name.lower()) == Decimal("0.0945")
    for wrong in ("-0.01", "0.00001", "1e2", "9 cents", "1000"):
        (problem,) = problems(PROD | {name: wrong})
        assert problem.startswith(f"{name}: must be dollars with at most four decimals")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("USUAL_WAY", "cheapest", "DirectEntry"), ("DE_CUT_OFF_HOUR", "16", "24"),
        ("ABA_CUT_OFF_HOUR", "18", "0"),
    ],
)  # fmt: skip
def test_how_ways_are_chosen_is_one_of_the_ways_there_are(name, right, wrong):
    assert Settings.read(PROD | {name: right})
    (problem,) = problems(PROD | {name: wrong})
    assert problem.startswith(f"{name}: ")


def test_the_terms_of_ways_are_those_of_the_settings():
    told = {"USUAL_WAY": "by_urgency", "FEE_DIRECT_ENTRY": "0.05", "DE_CUT_OFF_HOUR": "16"}
    routing = Rules(Settings.read(PROD | told)).limits.routing
    assert routing.usual is Strategy.BY_URGENCY
    assert routing.costs == {
        Way.PAY_ID: Money(11), Way.ACCOUNT: Money(10), Way.DIRECT_ENTRY: Money(6),
    }  # fmt: skip
    assert routing.calendar.cut_off == 16
    assert not routing.calendar.is_business_day(date(2026, 12, 25))
    assert Rules(Settings.read(PROD)).limits.routing.usual is None


def test_a_request_without_a_key_is_for_elsewhere_than_production():
    assert problems(PROD | {"REQUIRE_IDEMPOTENCY_KEY": "false"}) == [
        "REQUIRE_IDEMPOTENCY_KEY: must be true in prod"
    ]
    assert not Settings.read(DEV | {"REQUIRE_IDEMPOTENCY_KEY": "false"}).require_idempotency_key
    assert Settings.read(PROD | {"REQUIRE_IDEMPOTENCY_KEY": "true"}).require_idempotency_key


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_AUTHENTICATION", "none"), ("WEBHOOK_AUTHENTICATION", "either"),
        ("MONOOVA_SOURCE_BSB_FIELD", "bsb"), ("MAX_PAYOUT", "1.001"), ("MAX_PAYOUT", "NaN"),
        ("MIN_PAYOUT", "0.001"), ("MONOOVA_MACCOUNT_TOKEN", "627905970000000"),
        ("KMS_KEY_ARN", ARN.format("kms", "alias/monoova-destinations")),
        ("MONOOVA_API_SECRET_ARN", "monoova/api-key"), ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://console.example.com/"), ("CONNECT_TIMEOUT", "0"),
        ("READ_TIMEOUT", "nan"), ("QUARANTINE_MINUTES", "-1"), ("QUARANTINE_MINUTES", "0"),
        ("DE_WINDOW_DAYS", "0"), ("MAX_REDRIVES", "0"), ("DYNAMODB_TABLE_EVENTS", "a b"),
        ("COGNITO_ISSUER", "http://["), ("REMITTER_NAME", "a\nb"), ("STAGE", "staging"),
        ("ARCHIVE_AFTER_DAYS", "0"),
        ("REQUIRE_IDEMPOTENCY_KEY", "perhaps"), ("ARCHIVE_BUCKET", "Archive"),
        ("STEP_UP_MINUTES", "0"), ("STEP_UP_MINUTES", "61"), ("STEP_UP_MFA_MINUTES", "0"),
        ("MAIL_FROM", "payouts"), ("MAIL_FROM", "Payouts <payouts@example.com>"),
        ("VERIFICATION_HOURS", "0"), ("VERIFICATION_HOURS", "721"),
        ("NIGHT_HOUR", "24"), ("NIGHT_HOUR", "-1"), ("NIGHT_HOUR", "three"),
        ("ARCHIVE_BUCKET", "arn:aws:s3:::archive"), ("NIGHTS_TOPIC_ARN", "nights"),
        ("ATTESTATION_KEY_ARN", ARN.format("kms", "alias/monoova-attestation")),
        ("NIGHTS_TOPIC_ARN", ARN.format("sqs", "nights")),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused(name, value):
    assert all(name in problem.split(":")[0] for problem in problems(DEV | {name: value}))


@pytest.mark.parametrize(("least", "most"), [("0", "10"), ("10", "9.99"), ("-1", "10")])
def test_the_limits_of_a_payout_are_in_order(least, most):
    assert problems(DEV | {"MIN_PAYOUT": least, "MAX_PAYOUT": most}) == [
        "MIN_PAYOUT, MAX_PAYOUT: must be more than nothing, and in this order"
    ]


def test_half_a_source_is_refused():
    for half in ({"MONOOVA_SOURCE_BSB": "802-985"}, {"MONOOVA_SOURCE_ACCOUNT": "654378888"}):
        assert problems(DEV | half) == [
            "MONOOVA_SOURCE_BSB, MONOOVA_SOURCE_ACCOUNT: set both or neither"
        ]


def test_settings_do_not_change_and_do_not_show_accounts():
    settings: Any = Settings.read(DEV)
    assert "6279" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.stage = "prod"


ABA = {
    "ABA_BANK": "CBA", "ABA_USER_NAME": "Example Pty Ltd", "ABA_USER_ID": "301500",
    "ABA_BSB": "062-111", "ABA_ACCOUNT": "101010101",
}  # fmt: skip


def test_a_bank_that_files_are_made_for_is_named_whole_or_not_at_all():
    assert Settings.read(DEV).payer is None
    payer = Settings.read(DEV | ABA).payer
    assert payer is not None
    assert (payer.bank, payer.user_id, payer.description) == ("CBA", "301500", "PAYOUTS")
    for name in ABA:
        half = {key: value for key, value in ABA.items() if key != name}
        assert any("set all or none" in each for each in problems(DEV | half))
    for wrong in ({"ABA_BANK": "cba"}, {"ABA_USER_ID": "1"}, {"ABA_ACCOUNT": "1234567890"}):
        (problem,) = problems(DEV | ABA | wrong)
        assert problem.startswith(next(iter(wrong)))


@pytest.mark.parametrize("name", ["ABA_USER_NAME", "ABA_DESCRIPTION"])
def test_what_a_bank_file_would_leave_blank_is_no_name(name):
    assert problems(DEV | ABA | {name: "\u4e2d\u6587"}) == [
        f"{name}: must have a letter or a digit that a bank file carries"
    ]


def test_the_bank_has_a_cut_off_of_its_own():
    usual = Rules(Settings.read(DEV)).calendar
    assert (usual.cut_off, usual.banks.cut_off) == (20, 16)
    named = Rules(Settings.read(DEV | {"ABA_CUT_OFF_HOUR": "18"})).calendar
    assert (named.cut_off, named.banks.cut_off) == (20, 18)
