"""What looks after the account: who did what in it, and what it costs.

An account has one of each, whatever stages live in it: of two stacks in one account the second is
deployed with `LooksAfterAccount=false`. What is unusual is told to the topic for mail, once a
person has subscribed to it.
"""

from typing import Any

from deployment.alarms import To
from deployment.backups import TABLES
from deployment.watching import STAYS, named

Json = dict[str, Any]
PARAMETER, CONDITION = "LooksAfterAccount", "AccountIsLookedAfter"
MAKES_MONITOR = "MakesAnomalyMonitor"
KEPT_DAYS = 90
# Dollars of the USA, as the account is billed, within a month.
TOLD_AT = (10, 25, 50)
# What is unusual by less than so many dollars is nobody's business.
UNUSUAL = 5
TRAIL_ARN = {
    "Fn::Sub": [
        "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${Prefix}-trail",
        {"Prefix": {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "Prefix"]}},
    ]
}
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
OF_THE_TRAIL = {"aws:SourceArn": TRAIL_ARN}


def _own(kind: str, properties: Json, **more: Any) -> Json:  # noqa: ANN401 (any JSON)
    return {"Type": kind, "Condition": CONDITION, **more, "Properties": properties}


def _statements(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _trail() -> Json:
    """Whoever manages anything, signs in, touches the archive or writes in a table."""
    every = [
        _selector("Whatever is managed", {"eventCategory": {"Equals": ["Management"]}}),
        _selector("All about the archive", _data("AWS::S3::Object") | {
            "resources.ARN": {"StartsWith": [{"Fn::Sub": "${ArchiveBucket.Arn}/"}]},
        }),
        _selector("Whoever writes in a table", _data("AWS::DynamoDB::Table") | {
            "readOnly": {"Equals": ["false"]},
            "resources.ARN": {"Equals": [{"Fn::GetAtt": [each, "Arn"]} for each in TABLES]},
        }),
    ]  # fmt: skip
    told = {
        "TrailName": named("trail"), "S3BucketName": {"Ref": "TrailBucket"},
        "KMSKeyId": {"Fn::GetAtt": ["TrailKey", "Arn"]}, "IsLogging": True,
        "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True,
        "EnableLogFileValidation": True, "AdvancedEventSelectors": every,
    }  # fmt: skip
    return _own("AWS::CloudTrail::Trail", told, DependsOn="TrailBucketPolicy")


def _selector(name: str, fields: Json) -> Json:
    return {
        "Name": name,
        "FieldSelectors": [{"Field": field} | how for field, how in fields.items()],
    }


def _data(kind: str) -> Json:
    return {"eventCategory": {"Equals": ["Data"]}, "resources.type": {"Equals": [kind]}}


def _bucket() -> Json:
    """Where the trail lies, for as long as it is kept."""
    own = "${Prefix}-trail-${AWS::AccountId}-${AWS::Region}"
    over = {
        "Id": "NinetyDays", "Status": "Enabled", "ExpirationInDays": KEPT_DAYS,
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }  # fmt: skip
    sealed = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    told = {
        "BucketName": {"Fn::Sub": [own, TRAIL_ARN["Fn::Sub"][1]]},
        "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [sealed]},
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {"Rules": [over]},
    }
    return _own("AWS::S3::Bucket", told, **STAYS)


def _bucket_policy() -> Json:
    """The trail writes; nobody else does, and nobody reads it in the clear."""
    bucket, all_of_it = {"Fn::GetAtt": ["TrailBucket", "Arn"]}, {"Fn::Sub": "${TrailBucket.Arn}/*"}
    written = {"Fn::Sub": "${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*"}
    trail = {"Effect": "Allow", "Principal": CLOUDTRAIL}
    full = {"s3:x-amz-acl": "bucket-owner-full-control"}
    policy = _statements(
        {"Sid": "OnlyOverTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
         "Resource": [bucket, all_of_it], "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        trail | {"Sid": "TrailLooks", "Action": "s3:GetBucketAcl", "Resource": bucket,
                 "Condition": {"StringEquals": OF_THE_TRAIL}},
        trail | {"Sid": "TrailWrites", "Action": "s3:PutObject", "Resource": written,
                 "Condition": {"StringEquals": OF_THE_TRAIL | full}},
    )  # fmt: skip
    told = {"Bucket": {"Ref": "TrailBucket"}, "PolicyDocument": policy}
    return _own("AWS::S3::BucketPolicy", told, **STAYS)


def _key() -> Json:
    """The key of the trail: outlives it, or nobody could read what is kept."""
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    policy = _statements(
        {"Sid": "AccountDecides", "Effect": "Allow", "Principal": root, "Action": "kms:*",
         "Resource": "*"},
        {"Sid": "TrailEncrypts", "Effect": "Allow", "Principal": CLOUDTRAIL,
         "Action": ["kms:DescribeKey", "kms:GenerateDataKey*"], "Resource": "*",
         "Condition": {"StringEquals": OF_THE_TRAIL}},
    )  # fmt: skip
    told = {
        "Description": named("trail"), "EnableKeyRotation": True, "RotationPeriodInDays": 90,
        "PendingWindowInDays": 30, "KeyPolicy": policy,
    }  # fmt: skip
    return _own("AWS::KMS::Key", told, **STAYS)


def _budget() -> Json:
    """Tells at each of its figures, of all that the account costs; it stops nothing."""
    subscriber = {"SubscriptionType": "SNS", "Address": {"Ref": To.MAIL.value}}
    notices = [
        {
            "Notification": {
                "NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN",
                "ThresholdType": "ABSOLUTE_VALUE", "Threshold": dollars,
            },
            "Subscribers": [subscriber],
        }
        for dollars in TOLD_AT
    ]  # fmt: skip
    # Without a name: other figures are another budget, made while the one before is still there.
    budget = {
        "BudgetType": "COST", "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": max(TOLD_AT), "Unit": "USD"},
    }  # fmt: skip
    told = {"Budget": budget, "NotificationsWithSubscribers": notices}
    return _own("AWS::Budgets::Budget", told, DependsOn=f"{To.MAIL.value}Policy")


def _monitor() -> Json:
    told = {
        "MonitorName": named("costs"), "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE",
    }  # fmt: skip
    return {"Type": "AWS::CE::AnomalyMonitor", "Condition": MAKES_MONITOR, "Properties": told}


def _unusual() -> Json:
    made = {"Ref": "AnomalyMonitor"}
    there = "arn:${AWS::Partition}:ce::${AWS::AccountId}:anomalymonitor/${AnomalyMonitorId}"
    above = (
        '{"Dimensions": {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", '
        f'"MatchOptions": ["GREATER_THAN_OR_EQUAL"], "Values": ["{UNUSUAL}"]}}}}'
    )
    told = {
        "SubscriptionName": named("costs"), "Frequency": "IMMEDIATE",
        "MonitorArnList": [{"Fn::If": [MAKES_MONITOR, made, {"Fn::Sub": there}]}],
        "Subscribers": [{"Type": "SNS", "Address": {"Ref": To.MAIL.value}}],
        "ThresholdExpression": above,
    }  # fmt: skip
    return _own("AWS::CE::AnomalySubscription", told, DependsOn=f"{To.MAIL.value}Policy")


def _parameters() -> Json:
    return {
        PARAMETER: {
            "Type": "String", "Default": "true", "AllowedValues": ["true", "false"],
            "Description": "Whether this stack brings the account's trail, budget and monitor.",
        },
        "AnomalyMonitorId": {
            "Type": "String", "Default": "",
            "Description": "The account's own monitor of costs by service. Empty: one is made.",
        },
    }  # fmt: skip


def document() -> Json:
    """All of it: what a template has to be merged with."""
    makes = [{"Condition": CONDITION}, {"Fn::Equals": [{"Ref": "AnomalyMonitorId"}, ""]}]
    return {
        "Parameters": _parameters(),
        "Conditions": {
            CONDITION: {"Fn::Equals": [{"Ref": PARAMETER}, "true"]},
            MAKES_MONITOR: {"Fn::And": makes},
        },
        "Resources": {
            "Trail": _trail(),
            "TrailKey": _key(),
            "TrailBucket": _bucket(),
            "TrailBucketPolicy": _bucket_policy(),
            "Budget": _budget(),
            "AnomalyMonitor": _monitor(),
            "AnomalySubscription": _unusual(),
        },
    }
