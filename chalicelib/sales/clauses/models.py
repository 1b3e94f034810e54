"""Library clauses, contract templates and the clause policy as they are kept."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import DocumentAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta


class Clause(Record):
    """A clause as the company words it, with merge fields; of a standard kind (`subject`), or of none."""

    Meta = meta("clauses")
    kind = "clause"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("clause"))
    group = UnicodeAttribute(default="clause|ACTIVE")
    status = UnicodeAttribute(default="ACTIVE")
    name = UnicodeAttribute()
    subject = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    body = UnicodeAttribute()
    by_group = index("group", "name")


class ContractTemplate(Record):
    """Clauses in an order, from which contracts are drafted."""

    Meta = meta("clauses")
    kind = "contract_template"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("contract_template"))
    group = UnicodeAttribute(default="contract_template|ACTIVE")
    status = UnicodeAttribute(default="ACTIVE")
    name = UnicodeAttribute()
    language = UnicodeAttribute()
    clause_ids = ListOfAttribute()
    by_group = index("group", "name")


class ClausePolicy(Record):
    """What the company thinks of each kind of clause: kind → its `stance` and `note`. There is one."""

    Meta = meta("clauses")
    kind = "clause_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("clause_policy"))
    stances = DocumentAttribute(default=dict)


RECORDS = (Clause, ContractTemplate, ClausePolicy)
