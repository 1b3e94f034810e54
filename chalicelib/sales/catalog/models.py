"""Products as they are kept."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import MoneyAttribute
from chalicelib.core.table import Index, Record, index, meta


class _ByStatus(Index):
    Meta = index("by_status")

    status = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class Product(Record):
    """Something we sell; ACTIVE or RETIRED. `stocked`: units of it are kept in warehouses."""

    Meta = meta("catalog")
    kind = "product"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("product"))
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    family = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    list_price = MoneyAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    stocked = BooleanAttribute(default=False)
    by_status = _ByStatus()


RECORDS = (Product,)
