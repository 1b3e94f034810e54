"""Credit profiles, how orders and contracts were paid, and the policy, as they are kept."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import DateAttribute, DocumentAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta
from chalicelib.sales.credit.grading import GradeTerms
from chalicelib.sales.credit.history import Facts


class CreditProfile(Record):
    """What an account owes and how it pays. There is one for each account that ever owed anything.

    `exposure` is what it owes by currency, in minor units: what is open of orders in force and of what
    contracts have billed. It is only ever added to. `earned` is the grade that follows from the `facts`,
    `reasons` say why; `grade` is the one that counted then, which is another while a `review` holds;
    `graded_on` is the day on which it last changed. `limits` are those of the last grading, for the
    figures. `stop` says why nothing more is sold to it or shipped.
    """

    Meta = meta("credit")
    kind = "credit_profile"

    id = UnicodeAttribute(hash_key=True)
    account_id = UnicodeAttribute()
    grade = UnicodeAttribute()
    earned = UnicodeAttribute()
    reasons = ListOfAttribute(default=list)
    graded_on = DateAttribute(null=True)
    exposure = DocumentAttribute(default=dict)
    limits = DocumentAttribute(default=dict)
    fact_counts = DocumentAttribute(attr_name="facts", default=dict)
    customer_since = DateAttribute(null=True)
    review = DocumentAttribute(null=True)
    stop = DocumentAttribute(null=True)
    by_grade = index("grade", "id")

    def begun(self, **values: Any) -> "CreditProfile":
        """Return what is to be written first of a profile that was not kept until now."""
        told = {name: getattr(self, name) for name in ("account_id", "grade", "earned", "reasons")}
        return CreditProfile(self.id, **told | values)

    @property
    def facts(self) -> Facts:
        """How it has paid until now."""
        return Facts.of(self.fact_counts)


class CreditHistory(Record):
    """How an order, or a contract that bills by itself, was paid, as far as the facts have counted it.

    `source_id` is the order or the contract's revenue schedule, `source_version` the version of it that
    is counted. `instalments` are its parts with the day each was settled on; `counted` is their share in
    the facts. It is due on the day after the next part was to be paid.
    """

    Meta = meta("credit")
    kind = "credit_history"

    id = UnicodeAttribute(hash_key=True)
    # Under the names that they had when there were orders alone.
    source_id = UnicodeAttribute(attr_name="order_id")
    account_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    source_version = IntegerAttribute(attr_name="order_version")
    instalments = ListOfAttribute(default=list)
    counted = DocumentAttribute(default=dict)
    due_minute = UnicodeAttribute(null=True)
    by_due = index("due_minute", "id")


class CreditPolicy(Record):
    """What operations decide about credit: the grades from best to worst. There is one."""

    Meta = meta("credit")
    kind = "credit_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("credit_policy"))
    default_grade = UnicodeAttribute()
    rows = ListOfAttribute(attr_name="grades")

    @property
    def grades(self) -> list[GradeTerms]:
        """The grades, best first."""
        return [GradeTerms(**row) for row in self.rows]

    @property
    def asks_company(self) -> bool:
        """Whether any grade asks for what the company is."""
        return any(terms.asks_company for terms in self.grades)

    def terms(self, grade: str) -> GradeTerms:
        """Return what a grade gives."""
        return next(each for each in self.grades if each.grade == grade)


def profile_id(account_id: str) -> str:
    """Return the id of an account's profile."""
    return ids.derived("credit_profile", account_id)


def history_id(source_id: str) -> str:
    """Return the id of how an order, or what a revenue schedule bills, was paid."""
    return ids.derived("credit_history", source_id)


RECORDS = (CreditProfile, CreditHistory, CreditPolicy)
