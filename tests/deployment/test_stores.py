"""What keeps things, in the template that deploys: each demand by its name, on both stages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deployment.test_template import DOCUMENT, packaged

STAGES = ("dev", "prod")
TABLES = {"TransactionsTable", "CustomersTable", "EventsTable", "ControlTable"}
DAYS_14, DAYS_90 = 14 * 24 * 3600, 90


def of_type(kind: str, stage: str = "prod") -> dict[str, dict[str, Any]]:
    """The resources of a type, with what is said of them."""
    made = packaged(stage)["Resources"]
    return {name: each for name, each in made.items() if each["Type"] == kind}


def said_of(name: str, stage: str = "prod") -> dict[str, Any]:
    properties: dict[str, Any] = packaged(stage)["Resources"][name]["Properties"]
    return properties


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_costs_by_use_and_can_be_brought_back_to_any_second_of_35_days(
    stage: str, table: str
):
    assert of_type("AWS::DynamoDB::Table", stage).keys() == TABLES
    told = said_of(table, stage)
    assert told["BillingMode"] == "PAY_PER_REQUEST"
    assert told["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35,
    }  # fmt: skip
    assert told["SSESpecification"] == {"SSEEnabled": True}
    assert told["DeletionProtectionEnabled"] is True


def test_what_may_expire_has_a_time_to_live_and_customers_have_none():
    lives = {"AttributeName": "expires_at", "Enabled": True}
    for table in TABLES - {"CustomersTable"}:
        assert said_of(table)["TimeToLiveSpecification"] == lives
    # Nobody is forgotten by a clock: whoever is erased is erased by somebody's decision.
    assert "TimeToLiveSpecification" not in said_of("CustomersTable")


@pytest.mark.parametrize("stage", STAGES)
def test_messages_are_sealed_and_stay_14_days_and_what_is_given_up_has_a_queue(stage: str):
    queues = of_type("AWS::SQS::Queue", stage)
    assert {"DeadLettersQueue", "LastResortQueue"} <= queues.keys()
    for queue in queues.values():
        assert queue["Properties"]["MessageRetentionPeriod"] == DAYS_14
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
    redrive = said_of("DeadLettersQueue", stage)["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["LastResortQueue", "Arn"]}
    assert "RedrivePolicy" not in said_of("LastResortQueue", stage)  # the end of the way


@pytest.mark.parametrize("stage", STAGES)
def test_every_key_that_can_be_rotated_is_every_90_days(stage: str):
    keys = of_type("AWS::KMS::Key", stage)
    assert {"DestinationsKey", "AttestationKey", "AlarmsKey", "TrailKey"} <= keys.keys()
    for name, key in keys.items():
        told = key["Properties"]
        if told.get("KeyUsage") == "SIGN_VERIFY":
            # KMS rotates none of these; a new one is a new name, which attestations carry.
            assert name == "AttestationKey"
            assert not {"EnableKeyRotation", "RotationPeriodInDays"} & told.keys()
        else:
            assert (told["EnableKeyRotation"], told["RotationPeriodInDays"]) == (True, DAYS_90)


def test_the_provider_s_key_is_a_secret_of_its_stage_s_name():
    named = said_of("MonoovaApiKeySecret")["Name"]["Fn::Sub"][0]
    prefixes = DOCUMENT["Mappings"]["Stages"]
    assert {stage: named.replace("${Prefix}", prefixes[stage]["Prefix"]) for stage in STAGES} == {
        "dev": "dev-monoova/api-key", "prod": "monoova/api-key",
    }  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_people_are_in_groups_have_strong_passwords_and_may_have_a_second_factor(stage: str):
    groups = of_type("AWS::Cognito::UserPoolGroup", stage).values()
    names = {each["Properties"]["GroupName"] for each in groups}
    assert names == {"admin", "approver", "operator", "viewer", "bot"}
    pool = said_of("UserPool", stage)
    wanted = pool["Policies"]["PasswordPolicy"]
    assert wanted["MinimumLength"] >= 14
    kinds = ("Lowercase", "Uppercase", "Numbers")
    assert all(wanted[f"Require{kind}"] is True for kind in kinds)
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["DeletionProtection"] == "ACTIVE"


@pytest.mark.parametrize("stage", STAGES)
def test_a_token_is_good_for_15_minutes_and_a_sign_in_for_7_days(stage: str):
    client = said_of("UserPoolClient", stage)
    units = client["TokenValidityUnits"]
    told = {each: (client[f"{each}Validity"], units[each]) for each in units}
    assert told == {
        "AccessToken": (15, "minutes"), "IdToken": (15, "minutes"), "RefreshToken": (7, "days"),
    }  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_the_archive_becomes_cheaper_and_loses_nothing(stage: str):
    bucket = said_of("ArchiveBucket", stage)
    assert bucket["ObjectLockEnabled"] is True
    rules = bucket["LifecycleConfiguration"]["Rules"]
    (moved,) = [rule["Transitions"] for rule in rules if "Transitions" in rule]
    # Of that class an object is read at once, as the timeline of an archived payout needs it.
    assert moved == [{"StorageClass": "GLACIER_IR", "TransitionInDays": 180}]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    assert not [part for rule in rules for part in rule if "Expiration" in part]


@pytest.mark.parametrize("stage", STAGES)
def test_every_topic_is_encrypted_and_open_to_nobody_else(stage: str):
    topics = of_type("AWS::SNS::Topic", stage)
    assert {"NightsTopic", "PagerTopic", "WarningsTopic"} <= topics.keys()
    assert all(each["Properties"]["KmsMasterKeyId"] for each in topics.values())
    for policy in of_type("AWS::SNS::TopicPolicy", stage).values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Principal"].keys() == {"Service"}
            mine = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
            # AWS delivers nothing of a rule about events to a topic that asks whose it is.
            by_rules = statement["Principal"] == {"Service": "events.amazonaws.com"}
            assert statement.get("Condition") == (None if by_rules else mine)
