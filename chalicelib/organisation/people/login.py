"""Signing in: whose token it is. A person comes with the issuer's JWT, a program with an API key."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import auth, errors, guards, identity
from chalicelib.core.access import Principal, Role
from chalicelib.core.signing import digest
from chalicelib.core.step import Step
from chalicelib.organisation.people import api_keys, directory, hierarchy
from chalicelib.organisation.people.models import User


def identify(token: str) -> Principal:
    """Return who the bearer of a token is. Unauthenticated for anybody unknown or inactive."""
    if token.startswith(api_keys.PREFIX):
        return api_keys.principal(token)
    return principal(_user_of(auth.claims_of(token)))


def principal(user: User) -> Principal:
    """Return a user as somebody who acts.

    Their teams are their own and those above it: what is shared with a department reaches its
    teams. They manage the teams they head and those below.
    """
    teams = directory.teams()
    return Principal(
        id=user.id,
        role=Role(user.role),
        name=user.name,
        teams=frozenset(hierarchy.upwards(user.team_id, teams)),
        managed_teams=hierarchy.managed(user.id, teams),
        language=user.language,
        zone=user.zone,
    )


def _user_of(claims: Mapping[str, Any]) -> User:
    """Return the user that a token's claims mean: by subject, or at the first login by e-mail."""
    subject = digest("subject", f"{claims['iss']}|{claims['sub']}")
    by_subject, address = _subject_key(subject), _verified_email(claims)
    by_email = email_key(address) if address else None
    found = guards.holders(filter(None, (by_subject, by_email)))
    user_id = found.get(by_subject) or found.get(by_email or "")
    user = User.find(user_id) if user_id else None
    if user is None or user.status != "ACTIVE":
        raise errors.Unauthenticated("inactive_user" if user else "unknown_user")
    if by_subject not in found:
        _link(user, subject)
    return user


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    # Some issuers send the flag as text.
    verified = str(claims.get("email_verified", "")).lower() == "true"
    return identity.email(str(claims.get("email", ""))) if verified else None


def _link(user: User, subject: str) -> None:
    """Bind a login to a user for good: an e-mail address may pass to somebody else, a subject never.

    Unauthenticated when the user already has another login (`forget_login` makes room).
    """
    step = Step(by=user.id)
    step.claim(_subject_key(subject), user.id)
    step.claim(_login_key(user.id), subject)
    try:
        step.commit()
    except errors.AlreadyExists as taken:
        raise errors.Unauthenticated("other_login") from taken


def forget_login(user: User, *, by: Principal) -> None:
    """Unbind a user from their login; the next one with their verified e-mail is bound instead."""
    subject = guards.holders([_login_key(user.id)]).get(_login_key(user.id))
    if subject is None:
        return
    step = Step(by=by.id, about=user.id)
    step.release(_subject_key(subject), user.id)
    step.release(_login_key(user.id), subject)
    step.commit()


def user_by_email(address: str) -> User | None:
    """Return the user with a normalised e-mail address, or None."""
    key = email_key(address)
    user_id = guards.holders([key]).get(key)
    return User.find(user_id) if user_id else None


def email_key(address: str) -> str:
    """Return the guard key of a normalised e-mail address: one user each."""
    return identity.key("user", "email", address)


def _subject_key(subject: str) -> str:
    return f"user|subject|{subject}"


def _login_key(user_id: str) -> str:
    return f"user|login|{user_id}"
