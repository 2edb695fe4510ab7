"""What `Archive` promises: what was kept stays as it was, whoever comes after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from chalicelib.adapters.archive import S3Archive
from chalicelib.domain.errors import ArchiveUnavailable, Conflict
from chalicelib.ports import Kept
from tests.contracts.lasting import BucketKind, MemoryKind, client, in_base64, sha256
from tests.contracts.stores import NOBODY

JSON = "application/json"


@pytest.fixture(params=["memory", "ministack", "moto"])
def archive(request):
    if request.param == "memory":
        return MemoryKind()
    return BucketKind(request.getfixturevalue(request.param))


@pytest.fixture(params=["ministack", "moto"])
def bucket(request):
    return BucketKind(request.getfixturevalue(request.param))


def named(archive, name):
    return f"{archive.prefix}{name}"


@pytest.mark.parametrize("content", [b"", b"{}", bytes(range(256)) * 300, "é€😀\r\n".encode()])
def test_what_was_kept_comes_back_byte_for_byte(archive, content):
    name = named(archive, "nights/2026-11-20/attestation.json")
    assert archive.port.put(name, content, kind=JSON) == Kept(name, sha256(content))
    assert archive.port.get(name) == content


def test_what_was_never_kept_is_nothing(archive):
    assert archive.port.get(named(archive, "nights/never")) is None
    assert list(archive.port.names(named(archive, "nights/never"))) == []


def test_the_same_content_again_is_no_failure_and_other_content_is_one(archive):
    name = named(archive, "a")
    kept = archive.port.put(name, b"one", kind=JSON)
    assert archive.port.put(name, b"one", kind=JSON) == kept
    with pytest.raises(Conflict):
        archive.port.put(name, b"two", kind=JSON)
    assert archive.port.get(name) == b"one"


def test_of_many_who_keep_something_else_under_one_name_one_has_kept_it(archive):
    name = named(archive, "raced")

    def keep(n):
        try:
            return archive.port.put(name, f"content {n}".encode(), kind=JSON)
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        kept = [each for each in pool.map(keep, range(8)) if each]
    assert [each.sha256 for each in kept] == [sha256(archive.port.get(name))]


def test_names_come_in_order_and_only_those_that_begin_so(archive):
    for name in ("p/b", "p/a", "p/a/c", "q/a", "p", "p/ü x+y%20"):
        archive.port.put(named(archive, name), b"x", kind=JSON)
    found = [name.removeprefix(archive.prefix) for name in archive.port.names(named(archive, "p/"))]
    assert found == ["p/a", "p/a/c", "p/b", "p/ü x+y%20"]


def test_a_write_whose_reply_was_lost_may_be_done_again(archive):
    name = named(archive, "lost")
    archive.lose_a_reply()
    try:
        archive.port.put(name, b"once", kind=JSON)
    except ArchiveUnavailable:
        archive.port.put(name, b"once", kind=JSON)
    assert archive.port.get(name) == b"once"


def test_an_archive_that_is_away_says_so(archive):
    archive.go_away()
    with pytest.raises(ArchiveUnavailable):
        archive.port.put("a", b"x", kind=JSON)
    with pytest.raises(ArchiveUnavailable):
        archive.port.get("a")
    with pytest.raises(ArchiveUnavailable):
        list(archive.port.names("a"))


def test_a_lost_reply_is_recognised_by_what_lies_there(bucket):
    name = named(bucket, "recognised")
    bucket.lose_a_reply()
    assert bucket.port.put(name, b"once", kind=JSON) == Kept(name, sha256(b"once"))
    bucket.lose_a_reply()
    with pytest.raises(Conflict):
        bucket.port.put(name, b"other", kind=JSON)


def test_a_write_that_never_arrived_is_not_taken_for_done(bucket):
    name = named(bucket, "never")

    def cut(**_):
        raise ConnectionClosedError(endpoint_url=bucket.endpoint)

    bucket.client.meta.events.register("before-send.s3.PutObject", cut)
    with pytest.raises(ArchiveUnavailable, match="written: ConnectionClosedError"):
        bucket.port.put(name, b"once", kind=JSON)
    assert bucket.port.get(name) is None


def test_an_object_without_a_digest_of_the_whole_is_compared_by_its_content(bucket):
    name = named(bucket, "in parts")
    content = {
        "Bucket": bucket.bucket,
        "Key": name,
        "Body": b"by hand",
        "ChecksumAlgorithm": "CRC32",
    }
    bucket.client.put_object(**content)
    assert bucket.port.put(name, b"by hand", kind=JSON) == Kept(name, sha256(b"by hand"))
    with pytest.raises(Conflict):
        bucket.port.put(name, b"by another hand", kind=JSON)


def test_a_listing_goes_on_from_page_to_page(bucket):
    names = [named(bucket, f"many/{n:02}") for n in range(7)]
    for name in names:
        bucket.port.put(name, b"x", kind=JSON)
    asked = []

    def fewer(params, **_):
        params["MaxKeys"] = 3
        asked.append(params.get("ContinuationToken"))

    bucket.client.meta.events.register("provide-client-params.s3.ListObjectsV2", fewer)
    assert list(bucket.port.names(named(bucket, "many/"))) == names
    assert len(asked) == 3


def test_an_object_is_stored_with_its_kind_and_its_digest(bucket):
    name = named(bucket, "described")
    bucket.port.put(name, b"x", kind="text/markdown")
    told = bucket.client.head_object(Bucket=bucket.bucket, Key=name, ChecksumMode="ENABLED")
    assert (told["ContentType"], told["ChecksumSHA256"]) == ("text/markdown", in_base64(b"x"))


def test_an_object_is_locked_for_seven_years(ministack):  # the other engine does not say
    bucket = BucketKind(ministack)
    name = named(bucket, "locked")
    bucket.port.put(name, b"x", kind=JSON)
    rule = bucket.client.get_object_retention(Bucket=bucket.bucket, Key=name)["Retention"]
    assert rule["Mode"] == "GOVERNANCE"
    assert rule["RetainUntilDate"] > datetime.now(UTC) + timedelta(days=7 * 365)


def test_a_version_under_the_lock_is_not_removed(bucket):
    name = named(bucket, "kept")
    bucket.port.put(name, b"x", kind=JSON)
    version = bucket.client.head_object(Bucket=bucket.bucket, Key=name)["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.client.delete_object(Bucket=bucket.bucket, Key=name, VersionId=version)
    assert bucket.port.get(name) == b"x"


def test_where_it_cannot_be_seen_what_lies_there_nothing_is_concluded(bucket):
    name = named(bucket, "unseen")
    bucket.port.put(name, b"one", kind=JSON)

    def refuse(**_):
        raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadObject")

    bucket.client.meta.events.register("before-send.s3.HeadObject", refuse)
    for content in (b"one", b"two"):
        with pytest.raises(ArchiveUnavailable, match="read: 403"):
            bucket.port.put(name, content, kind=JSON)


def test_a_bucket_that_is_not_there_is_an_archive_that_is_away(bucket):
    port = S3Archive(bucket.client, "no-such-bucket-anywhere")
    with pytest.raises(ArchiveUnavailable):
        port.put("a", b"x", kind=JSON)
    with pytest.raises(ArchiveUnavailable, match="NoSuchBucket"):
        port.get("a")
    with pytest.raises(ArchiveUnavailable, match="NoSuchBucket"):
        list(port.names("a"))


def test_no_content_is_in_a_complaint():
    port = S3Archive(client("s3", NOBODY), "archive")
    with pytest.raises(ArchiveUnavailable) as caught:
        port.put("a", b"jo@example.com", kind=JSON)
    assert "jo@example.com" not in f"{caught.value!r}"
