"""The interpreter of the template that deploys: right about what it knows, loud about the rest."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local import resources
from local.clients import Clients
from local.engines import Endpoints
from local.left_out import LEFT_OUT
from local.template import PLACEHOLDER, TEMPLATE, Made, NotUnderstood, Template
from tests.deployment.test_template import packaged

PSEUDO = {"Region": "ap-southeast-2", "AccountId": "123456789012", "Partition": "aws"}
DOCUMENT = json.loads(TEMPLATE.read_text())


class Anything(dict[str, Callable[[str, dict[str, Any]], Made]]):
    """A maker for every type, which makes nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, dict[str, Any]] = {}

    def get(self, _type: str, _default: object = None) -> Callable[[str, dict[str, Any]], Made]:
        return self.make

    def make(self, name: str, properties: dict[str, Any]) -> Made:
        self.asked[name] = properties
        own = properties.get("TableName") or properties.get("Name") or name
        return Made(own, {"Arn": f"arn:{name}"})


def template(document: dict[str, Any], **parameters: str) -> Template:
    return Template(document, parameters, PSEUDO)


STAGES = ("dev", "prod")


def of_stage(stage: str, **more: str) -> dict[str, dict[str, Any]]:
    makers = Anything()
    resolved = template(DOCUMENT, Stage=stage, **more)
    resolved.make(makers, LEFT_OUT)
    policy = DOCUMENT["Resources"]["ArchiveBucketPolicy"]["Properties"]
    return makers.asked | {"ArchiveBucketPolicy": resolved.resolve(policy)}


@pytest.mark.parametrize(("stage", "prefix"), [("prod", ""), ("dev", "dev-"), ("local", "local-")])
def test_names_carry_the_stage_but_in_production(stage: str, prefix: str) -> None:
    made = of_stage(stage)
    assert {made[name]["TableName"] for name in made if name.endswith("Table")} == {
        f"{prefix}monoova-{table}" for table in ("transactions", "customers", "events", "control")
    }
    assert made["MonoovaApiKeySecret"]["Name"] == f"{prefix}monoova/api-key"


def test_the_environment_is_resolved_from_what_was_made() -> None:
    resolved = template(DOCUMENT, Stage="prod", Account="123456789012")
    resolved.make(Anything(), LEFT_OUT)
    environment = resolved.environment()
    assert environment["DYNAMODB_TABLE_EVENTS"] == "monoova-events"
    assert environment["COGNITO_ISSUER"].startswith("https://cognito-idp.ap-southeast-2.")


def test_no_stage_makes_bank_files_unless_it_is_told_for_which_bank() -> None:
    for stage in ("prod", "dev", "local"):
        resolved = template(DOCUMENT, Stage=stage, Account="123456789012")
        resolved.make(Anything(), LEFT_OUT)
        told = resolved.environment()
        assert {told[name] for name in told if name.startswith("ABA_")} == {""}


def test_a_password_may_be_sent_as_it_is_only_where_a_parameter_says_so() -> None:
    flows = "ExplicitAuthFlows"
    assert "ALLOW_USER_PASSWORD_AUTH" not in of_stage("prod")["UserPoolClient"][flows]
    local = of_stage("local", PasswordSignIn="true")
    assert "ALLOW_USER_PASSWORD_AUTH" in local["UserPoolClient"][flows]


def test_no_secret_of_the_template_has_a_value() -> None:
    made = of_stage("prod")
    assert not {"SecretString", "GenerateSecretString"} & made["MonoovaApiKeySecret"].keys()


def test_what_holds_money_or_people_outlives_its_stack() -> None:
    kept = {
        "AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::Cognito::UserPool", "AWS::SQS::Queue",
        "AWS::S3::Bucket", "AWS::S3::BucketPolicy",
    }  # fmt: skip
    for name, resource in DOCUMENT["Resources"].items():
        if resource.get("Type") in kept:
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name


def test_what_is_archived_is_locked_for_seven_years_and_in_production_for_everybody() -> None:
    for stage, mode in (("prod", "COMPLIANCE"), ("dev", "GOVERNANCE"), ("local", "GOVERNANCE")):
        bucket = of_stage(stage)["ArchiveBucket"]
        assert bucket["ObjectLockEnabled"] is True
        rule = {"DefaultRetention": {"Mode": mode, "Years": 7}}
        assert bucket["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled", "Rule": rule}
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_archive_is_neither_public_nor_written_twice_nor_read_in_the_clear() -> None:
    made = of_stage("prod")
    bucket, policy = made["ArchiveBucket"], made["ArchiveBucketPolicy"]["PolicyDocument"]
    assert bucket["BucketName"] == "monoova-archive-123456789012-ap-southeast-2"
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    denied = {each["Sid"]: each for each in policy["Statement"]}
    assert {each["Effect"] for each in policy["Statement"]} == {"Deny"}
    assert denied["OnlyOverTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["OnlyOverTls"]["Resource"] == ["arn:ArchiveBucket", "arn:ArchiveBucket/*"]
    assert denied["NothingIsOverwritten"]["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    assert "s3:BypassGovernanceRetention" in denied["NothingIsDeleted"]["Action"]


def test_the_key_of_the_nights_signs_and_does_nothing_else() -> None:
    key = of_stage("prod")["AttestationKey"]
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert "EnableKeyRotation" not in key


def test_what_the_nights_tell_is_encrypted() -> None:
    assert of_stage("prod")["NightsTopic"]["KmsMasterKeyId"] == "alias/aws/sns"


def resource(properties: Any, kind: str = "Some::Thing") -> dict[str, Any]:
    return {"Resources": {"Thing": {"Type": kind, "Properties": properties}}}


def test_each_type_is_made_here_or_left_out_for_a_reason() -> None:
    there = {each["Type"] for stage in STAGES for each in packaged(stage)["Resources"].values()}
    clients = Clients(Endpoints("http://127.0.0.1:9", "http://127.0.0.1:9"))
    made = resources.makers(clients).keys()
    clients.close()
    assert not made & LEFT_OUT.keys()
    assert there == made | LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_what_is_left_out_is_not_looked_into() -> None:
    left = resource({"Name": {"Fn::ImportValue": "x"}})
    assert template(left).make({}, {"Some::Thing": "no use"}) == {}


def test_what_is_made_may_not_refer_to_what_is_left_out() -> None:
    made = resource({"Name": {"Ref": "Other"}})
    made["Resources"]["Other"] = {"Type": "Other::Thing"}
    with pytest.raises(NotUnderstood, match="Other is not made here: no use"):
        template(made).make(Anything(), {"Other::Thing": "no use"})


def test_what_has_a_condition_is_made_only_where_it_holds() -> None:
    made = resource({})
    made["Resources"]["Thing"]["Condition"] = "Wanted"
    for there, names in ((True, {"Thing"}), (False, set())):
        made["Conditions"] = {"Wanted": {"Fn::Equals": ["a", "a" if there else "b"]}}
        assert template(made).make(Anything()).keys() == names
    with pytest.raises(NotUnderstood, match="Thing is made only where Wanted holds"):
        template(made).resolve({"Ref": "Thing"})


def test_a_type_without_a_maker_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="Some::Thing, which has no maker"):
        template(resource({})).make({})


@pytest.mark.parametrize("node", [{"Fn::Select": [0, ["a"]]}, {"Fn::ImportValue": "x"}])
def test_an_intrinsic_that_it_was_not_taught_is_refused(node: Any) -> None:
    with pytest.raises(NotUnderstood, match="was not taught Fn::"):
        template(resource({"Name": node})).make(Anything())


def test_a_resource_that_refers_to_itself_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="Thing refers to itself"):
        template(resource({"Name": {"Ref": "Thing"}})).make(Anything())


def test_an_attribute_that_no_maker_gives_is_refused() -> None:
    made = template(resource({}))
    made.make(Anything())
    with pytest.raises(NotUnderstood, match="Thing has no attribute Url"):
        made.resolve({"Fn::GetAtt": "Thing.Url"})


def test_a_parameter_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="no parameter Stege"):
        template(DOCUMENT, Stege="prod")


def test_a_value_of_nothing_leaves_its_property_out() -> None:
    makers = Anything()
    template(resource({"Name": {"Ref": "AWS::NoValue"}, "List": [{"Ref": "AWS::NoValue"}]})).make(
        makers
    )
    assert makers.asked == {"Thing": {"List": []}}


def test_what_another_depends_on_is_made_first() -> None:
    makers = Anything()
    first = {"Type": "X", "DependsOn": "Second", "Properties": {}}
    template({"Resources": {"First": first, "Second": {"Type": "X"}}}).make(makers)
    assert list(makers.asked) == ["Second", "First"]


def test_what_only_amends_a_generated_function_is_left_alone() -> None:
    makers = Anything()
    template({"Resources": {"APIHandler": {"Properties": {"Timeout": 3}}}}).make(makers)
    assert makers.asked == {}


def references(node: Any) -> set[str]:
    """The logical names that a piece of a template refers to."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(references, node.values()))
    if "Ref" in node:
        found.add(node["Ref"])
    if "Fn::GetAtt" in node:
        found.add(node["Fn::GetAtt"][0])
    if isinstance(node.get("Fn::Sub"), str):
        found |= {name.split(".")[0] for name in PLACEHOLDER.findall(node["Fn::Sub"])}
    return {name for name in found if not name.startswith("AWS::")}


CONFIG = json.loads((TEMPLATE.parent / "config.json").read_text())


# Whose groups of lines the package's template adds.
WRITE_LINES = ("APIHandler", "WebhookHandler", "Reprocess", "Poll", "Wake", "Night", "Keep")


def policy(function: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads((TEMPLATE.parent / function["iam_policy_file"]).read_text()))


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_each_function_has_a_policy_of_its_own_for_what_the_template_makes(stage: str) -> None:
    functions = CONFIG["stages"][stage]["lambda_functions"]
    assert functions.keys() == {
        "api_handler", "webhook_handler", "reprocess", "poll", "wake", "night", "keep",
    }  # fmt: skip
    assert len({function["iam_policy_file"] for function in functions.values()}) == len(functions)
    for function in functions.values():
        logs = {f"{name}Logs" for name in WRITE_LINES}
        assert references(policy(function)) <= DOCUMENT["Resources"].keys() | {"MailFrom"} | logs


def who_may(action: str) -> set[str]:
    """The functions that production allows it."""
    return {
        name
        for name, function in CONFIG["stages"]["prod"]["lambda_functions"].items()
        for statement in policy(function)["Statement"]
        if action in statement["Action"]
    }


def test_who_keeps_and_who_signs_is_few_and_nobody_removes() -> None:
    assert who_may("s3:PutObject") == {"api_handler", "night", "keep"}
    assert who_may("ses:SendEmail") == {"api_handler", "keep"}
    assert who_may("kms:Sign") == who_may("sns:Publish") == {"api_handler", "night"}
    for action in (
        "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention",
        "s3:PutObjectRetention", "s3:PutBucketPolicy", "dynamodb:DeleteItem", "dynamodb:Scan",
    ):  # fmt: skip
        assert who_may(action) == set()


def test_no_policy_allows_everything() -> None:
    for function in CONFIG["stages"]["prod"]["lambda_functions"].values():
        for statement in policy(function)["Statement"]:
            assert not [action for action in statement["Action"] if action.endswith("*")]
            if statement["Sid"] != "Traces":  # X-Ray has no resources to name
                assert "*" not in statement["Resource"]
