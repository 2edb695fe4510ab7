"""The people of the local cloud: one user for each role, a second approver and a second admin.

Passwords are drawn at random and kept in the state folder, so a restart changes none. They sign in
as anybody would: no token is made here.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from local.state import State

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

PEOPLE = {
    "viewer": "viewer",
    "operator": "operator",
    "approver": "approver",
    "approver2": "approver",
    "admin": "admin",
    "admin2": "admin",
    "bot": "bot",
}


@dataclass(frozen=True)
class Person:
    """Who may sign in, and how."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Person({self.username!r})"

    def as_dict(self) -> dict[str, str]:
        """For whoever has to sign in: the password included."""
        return asdict(self)


def make_people(
    cognito: "CognitoIdentityProviderClient", pool: str, state: State
) -> dict[str, Person]:
    """Everybody in PEOPLE, in their group, by name."""
    kept = state.remembered("users")
    passwords = {name: kept.get(name) or draw_password() for name in PEOPLE}
    if passwords != kept:
        state.remember("users", passwords)
    for name, group in PEOPLE.items():
        _make(cognito, pool, name, passwords[name])
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return {name: Person(name, passwords[name]) for name in PEOPLE}


def draw_password() -> str:
    """A password that the pool's policy accepts."""
    return f"{secrets.token_urlsafe(15)}aA7"


def sign_in(cognito: "CognitoIdentityProviderClient", client: str, person: Person) -> str:
    """The ID token that the pool gives this person for their password.

    Raises:
        NotAuthorizedException: the client's own error, when the password is wrong.
    """
    answer = cognito.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=_credentials(person)
    )
    return answer["AuthenticationResult"]["IdToken"]


def _credentials(person: Person) -> Mapping[str, str]:
    return {"USERNAME": person.username, "PASSWORD": person.password}


def _make(cognito: "CognitoIdentityProviderClient", pool: str, name: str, password: str) -> None:
    address = f"{name}@example.com"
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=name,
            MessageAction="SUPPRESS",
            TemporaryPassword=password,
            UserAttributes=[
                {"Name": "email", "Value": address},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=name, Password=password, Permanent=True
    )
