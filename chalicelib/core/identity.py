"""Who somebody is: e-mail, phone and company in one normal form, and their keyed look-up values.

No address or number ever stands in a key or a log: look-ups go by a keyed digest.
"""

import re
import unicodedata
from functools import cache

from chalicelib.core.settings import settings
from chalicelib.core.signing import digest

_EMAIL = re.compile(r"[^\s@,;<>()\[\]\\\"]{1,64}@[^\s@,;<>()\[\]\\\"]{1,190}")
_COMPANY_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团|公司|incorporated|inc|corporation|corp|company|co"
    r"|limited|ltd|llc|gmbh|plc|pty|sa|ag|bv)$"
)
_NOT_WORD = re.compile(r"[\W_]+")


def email(text: str) -> str | None:
    """Return an e-mail address in normal form (NFKC, lower case), or None when it is none."""
    address = unicodedata.normalize("NFKC", text[:320]).strip().lower()
    if not _EMAIL.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels) or ".." in local or local.startswith(".") or local.endswith("."):
        return None
    return address


def phone(text: str, region: str | None = None) -> str | None:
    """Return a phone number in E.164 (``+8613800138000``), or None when it cannot be one.

    A number without a country code is read as one of `region` (ISO 3166; the company's own
    when None).
    """
    from phonenumbers import (  # heavy: 30 ms of metadata, only where a phone comes in
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        parse,
    )

    try:
        number = parse(unicodedata.normalize("NFKC", text[:40]), region or settings().phone_region)
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else None


@cache
def company(text: str) -> str:
    """Return a company's name without case, width, punctuation and legal form, for comparing."""
    name = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text[:200]).lower()).strip()
    while (shorter := _COMPANY_FORMS.sub("", name).strip()) != name and shorter:
        name = shorter
    return name.replace(" ", "")


def key(scope: str, what: str, normal: str) -> str:
    """Return the guard key of a normalised value: ``lead|email|<digest>``."""
    return f"{scope}|{what}|{digest('identity', what + '|' + normal)}"
