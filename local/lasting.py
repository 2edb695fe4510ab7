"""The makers of what lasts: the archive's bucket, and the topic of the nights.

The bucket has the lock and the default retention that deploy: a version in it cannot be removed
here either, but with the whole state.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from local.engines import REGION
from local.template import Made, NotUnderstood

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

Properties = dict[str, Any]
# Nothing on a laptop is uploaded in parts, so there are none to clean up.
LEFT_OUT = {"LifecycleConfiguration"}


def make_bucket(s3: "S3Client", properties: Properties) -> Made:
    """A bucket of this name, with everything that the template says of it.

    Raises:
        NotUnderstood: the template says something of it that nobody here was taught.
    """
    wanted = {key: value for key, value in properties.items() if key not in LEFT_OUT}
    name = wanted.pop("BucketName")
    locked = wanted.pop("ObjectLockEnabled", False)
    # A bucket that is there stays as it was left, but for its settings.
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(
            Bucket=name,
            ObjectLockEnabledForBucket=locked,
            CreateBucketConfiguration={"LocationConstraint": REGION},  # type: ignore[typeddict-item]
        )
    for key, value in wanted.items():
        _set(s3, name, key, value)
    return Made(name, {"Arn": f"arn:aws:s3:::{name}"})


def _set(s3: "S3Client", bucket: str, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON
    match key:
        case "VersioningConfiguration":
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=value)
        case "ObjectLockConfiguration":
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=value)
        case "PublicAccessBlockConfiguration":
            s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=value)
        case "OwnershipControls":
            s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value)
        case "BucketEncryption":
            rules: Any = [
                {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
                for rule in value["ServerSideEncryptionConfiguration"]
            ]
            s3.put_bucket_encryption(
                Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules}
            )
        case _:
            raise NotUnderstood(f"the local cloud was not taught {key} of a bucket")


def make_topic(sns: "SNSClient", properties: Properties) -> Made:
    """The topic of this name, or the one that is there: making one again changes nothing."""
    wanted = dict(properties)
    name = wanted.pop("TopicName")
    arn = sns.create_topic(Name=name, Attributes=wanted)["TopicArn"]
    return Made(arn, {"TopicArn": arn, "TopicName": name})
