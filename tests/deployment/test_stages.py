"""What each stage tells its functions: every setting there is and no other, and that it starts."""

from __future__ import annotations

import json
import re

import pytest

from chalicelib.settings import Settings, SettingsError
from local.cloud import PARAMETERS
from local.template import TEMPLATE
from tests.deployment.stack import REQUIRED, stack
from tests.deployment.test_template import packaged

STAGES = ["local", "dev", "prod"]
FIELDS = {name.upper() for name in Settings.model_fields}
TIMES = "fits the functions' time-outs and was tried with them: it changes with the code"
DOUBT = "decides what counts as certain about money: it changes with the code and its tests"
# The fields that no stage is told, each with its reason.
LEFT_TO_THE_CODE = {
    "ON_LAMBDA": "follows from the variables that Lambda itself sets",
    "CLOCK_URL": "for a laptop, whose launcher says it",
    "CONNECT_TIMEOUT": TIMES,
    "READ_TIMEOUT": TIMES,
    "FIRST_ASK_SECONDS": TIMES,
    "MAX_REDRIVES": TIMES,
    "QUARANTINE_MINUTES": DOUBT,
    "DE_WINDOW_DAYS": DOUBT,
    "SIGN_IN_WAIT_MINUTES": DOUBT,
}
# What a business may say of a stage: a value that is taken, and one that the template refuses.
SAID = {
    "MonoovaSourceBsbField": ("sourceAccountBsb", "bsb"),
    "WebhookAuthentication": ("token", "none"),
    "AbaCutOffHour": ("18", "6 pm"),
    "AbaDescription": ("EXAMPLE", "thirteen long"),
    "MinPayout": ("0.05", "0.005"),
    "MaxPayout": ("250.50", "-1"),
    "DefaultPolicy": ('{"limits": {"shards": 1}}', " " * 1001),
    "FundsReserve": ("1000.00", "1,000"),
    "FundsWarning": ("500", "-500"),
    "FundsFee": ("0.20", "15c"),
    "UsualWay": ("cheapest", "dear"),
    "FeeNppPayId": ("0.0945", "0.00001"),
    "FeeNppAccount": ("0.12", "-0.12"),
    "FeeDirectEntry": ("0.05", "1000"),
    "DeCutOffHour": ("16", "16:00"),
    "MostWaiting": ("500", "many"),
    "RequireIdempotencyKey": ("false", "perhaps"),
    "StepUpMinutes": ("5", "5 min"),
    "StepUpMfaMinutes": ("30", "-30"),
    "ArchiveAfterDays": ("120", "1 year"),
    "NightHour": ("4", "four"),
    "ScheduleGraceDays": ("2", "-2"),
    "VerificationHours": ("48", "48h"),
}
LARGEST = 4096  # bytes of names and values that Lambda takes


def told(stage: str, **parameters: str) -> dict[str, str]:
    """The environment of a function of a stage that was told no more than it has to be."""
    return stack(stage, **parameters).environment()


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_defines_the_fields_of_the_settings_and_nothing_else(stage: str):
    globals_ = packaged(stage)["Globals"]["Function"]["Environment"]["Variables"]
    assert globals_.keys() == told(stage).keys() == FIELDS - LEFT_TO_THE_CODE.keys()
    assert LEFT_TO_THE_CODE.keys() <= FIELDS
    for name, resource in packaged(stage)["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            own = resource["Properties"].get("Environment", {}).get("Variables", {})
            assert own.keys() <= globals_.keys(), name


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_starts_with_what_a_deployment_has_to_say_and_no_more(stage: str):
    settings = Settings.read(told(stage))
    usual = Settings.model_fields
    assert settings.stage == stage
    for name in SAID:
        field = variable(name).lower()
        assert getattr(settings, field) == usual[field].default, field


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_what_a_deployment_has_to_say_is_missed_at_the_start(stage: str):
    with pytest.raises(SettingsError, match="MONOOVA_MACCOUNT_TOKEN: is required"):
        Settings.read(told(stage, MonoovaMAccountToken=""))
    parameters = json.loads(TEMPLATE.read_text())["Parameters"]
    assert {name for name, each in parameters.items() if "Default" not in each} == {
        "Stage", "Account",
    }  # fmt: skip


def test_a_stack_in_another_account_than_the_stages_own_does_not_start():
    with pytest.raises(SettingsError, match="KMS_KEY_ARN: must be in the account ACCOUNT_ID"):
        Settings.read(told("dev", Account="111111111111"))


@pytest.mark.parametrize("name", SAID)
def test_a_business_says_it_without_touching_code(name: str):
    right, _ = SAID[name]
    settings = Settings.read(told("dev", **{name: right}))
    assert variable(name) in FIELDS
    assert settings != Settings.read(told("dev"))


@pytest.mark.parametrize("name", SAID)
def test_what_a_parameter_takes_is_bounded_before_anything_is_deployed(name: str):
    right, wrong = SAID[name]
    parameter = json.loads(TEMPLATE.read_text())["Parameters"][name]
    assert taken(parameter, "")
    assert taken(parameter, right)
    assert not taken(parameter, wrong)


def test_all_that_can_be_said_at_once_fits_into_a_functions_environment():
    long = {name: right for name, (right, _) in SAID.items()}
    long |= {"DefaultPolicy": "x" * 1000, "RemitterName": "x" * 140, "MailFrom": "x" * 100}
    long |= {"CorsOrigins": "x" * 200, "WebhookUrl": "x" * 100, "AbaUserName": "x" * 26}
    environment = stack("dev", **long).environment()
    assert sum(len(name) + len(value) for name, value in environment.items()) < LARGEST


def test_a_laptop_says_only_what_the_template_asks():
    assert Settings.read(stack("local", **PARAMETERS).environment()).stage == "local"
    assert REQUIRED.keys() <= json.loads(TEMPLATE.read_text())["Parameters"].keys()


def variable(parameter: str) -> str:
    """The variable that a parameter becomes."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter).upper()


def taken(parameter: dict[str, object], value: str) -> bool:
    """Whether CloudFormation takes a value for a parameter."""
    if "AllowedValues" in parameter:
        return value in list(parameter["AllowedValues"])  # type: ignore[call-overload]
    fits = re.fullmatch(str(parameter.get("AllowedPattern", ".*")), value) is not None
    return fits and len(value) <= int(str(parameter.get("MaxLength", LARGEST)))
