"""Accounts and contacts as they are kept."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import DateAttribute, IntegerAttribute, ListOfAttribute, MoneyAttribute
from chalicelib.core.ownership import Owned
from chalicelib.core.table import index, meta


class Account(Owned):
    """A company: PROSPECT, CUSTOMER or VOIDED. `claims` are the guard keys it holds.

    `grade` decides which prices it gets; it is set by those who may approve.
    """

    Meta = meta("accounts")
    kind = "account"
    area = "accounts"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("account"))
    name = UnicodeAttribute()
    status = UnicodeAttribute(default="PROSPECT")
    customer_since = DateAttribute(null=True)
    parent_id = UnicodeAttribute(null=True)
    registration_number = UnicodeAttribute(null=True)
    industry = UnicodeAttribute(null=True)
    region = UnicodeAttribute(null=True)
    grade = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    city = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    employees = IntegerAttribute(null=True)
    annual_revenue = MoneyAttribute(null=True)
    founded = IntegerAttribute(null=True)
    website = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    claims = ListOfAttribute(default=list)


class Contact(Owned):
    """A person in an account: ACTIVE or VOIDED. `claims` are the guard keys it holds.

    `influence` is the part played in a purchase; `channel` how they want to be reached;
    `voided_with` the account whose voiding took them along.
    """

    Meta = meta("accounts")
    kind = "contact"
    area = "accounts"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("contact"))
    account_id = UnicodeAttribute()
    name = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)
    department = UnicodeAttribute(null=True)
    influence = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    interests = ListOfAttribute(default=list)
    description = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    claims = ListOfAttribute(default=list)
    voided_with = UnicodeAttribute(null=True)
    by_account = index("account_id", "listed")


RECORDS = (Account, Contact)
