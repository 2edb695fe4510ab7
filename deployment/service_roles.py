"""The role that a service of AWS takes to do one thing for us, and may do nothing else by.

The roles of our functions are files of their own in `.chalice`: none of them is made here.
"""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
VERSION = "2012-10-17"


def service_role(
    service: str, policy: str, statements: Sequence[Json], condition: Json | None = None
) -> Json:
    """A role for `service`.amazonaws.com, taken only under `condition` if there is one."""
    trusted = {
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        **({"Condition": condition} if condition else {}),
    }  # fmt: skip
    may = {"Version": VERSION, "Statement": list(statements)}
    told = {
        "AssumeRolePolicyDocument": {"Version": VERSION, "Statement": [trusted]},
        "Policies": [{"PolicyName": policy, "PolicyDocument": may}],
    }
    return {"Type": "AWS::IAM::Role", "Properties": told}
