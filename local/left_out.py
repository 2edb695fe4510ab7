"""What deploys and is not made on a laptop: types of resources, each with the reason.

Of the file that a laptop is made from they are not looked into at all, so whatever is made may
refer to none of them. A type is here or has a maker, never both; whatever is in neither is refused,
also where it comes into the template only as that is finished for a package.
"""

from collections.abc import Mapping

_WEB = "the local gateway answers on localhost, with nothing in front of it"
_GATEWAY = "the local gateway does what it does by itself"
_CALLS_NOBODY = "a laptop has nobody to call"
_ACCOUNT = "the account is made up: nothing in it costs, and nobody else is in it"
_BACKUP = "what a laptop keeps is for trying things, and nothing recovers from it"

LEFT_OUT: Mapping[str, str] = {
    "AWS::ApiGateway::Account": _GATEWAY,
    "AWS::ApiGateway::BasePathMapping": _GATEWAY,
    "AWS::ApiGateway::DomainName": _GATEWAY,
    "AWS::Backup::BackupPlan": _BACKUP,
    "AWS::Backup::BackupSelection": _BACKUP,
    "AWS::Backup::BackupVault": _BACKUP,
    "AWS::Budgets::Budget": _ACCOUNT,
    "AWS::CE::AnomalyMonitor": _ACCOUNT,
    "AWS::CE::AnomalySubscription": _ACCOUNT,
    "AWS::CloudFront::Distribution": _WEB,
    "AWS::CloudFront::Function": _WEB,
    "AWS::CloudFront::OriginAccessControl": _WEB,
    "AWS::CloudFront::ResponseHeadersPolicy": _WEB,
    "AWS::CloudTrail::Trail": _ACCOUNT,
    "AWS::CloudWatch::Alarm": _CALLS_NOBODY,
    "AWS::CloudWatch::Dashboard": _CALLS_NOBODY,
    "AWS::Events::Rule": _BACKUP,
    "AWS::IAM::Role": "the roles are those of services that are not here",
    "AWS::Lambda::Permission": "the local triggers call handlers, and ask nobody whether they may",
    "AWS::Logs::LogGroup": "lines go to the terminal and into files below the state",
    "AWS::S3::BucketPolicy": "it refuses whoever comes without TLS, and the engines have none",
    "AWS::SNS::TopicPolicy": "whoever may publish to it is a service that is not here",
    "AWS::Scheduler::Schedule": _CALLS_NOBODY,
    "AWS::Serverless::Api": "the local gateway has the routes of the app",
    "AWS::Serverless::Function": "a process of the laptop calls the handlers",
    "AWS::WAFv2::WebACL": _WEB,
    "AWS::WAFv2::WebACLAssociation": _WEB,
}
