"""A wholesaler's real year, 525,461 lines of orders and of what came back, comes in by the import API.

What the API then answers is held against what SQL counts in the file itself.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.core import files
from chalicelib.platform.imports import chunks
from tests.client import OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import bring_in, make_bucket

FILE = Path(__file__).parents[3].parent / "shared/data/online_retail/online_retail_ii_2009_2010.parquet"
UNKNOWN = "Unknown customer"
#: Lines with a price below nothing write off bad debts: no sale, so no order.
LINES = f"""
    create view lines as select
        Invoice as number, cast(InvoiceDate as date) as day, Quantity as quantity,
        cast(Price as decimal(18, 4)) as price, coalesce(trim(Description), '') as text,
        replace(upper(trim(StockCode)), ' ', '-') as code, Country as country,
        coalesce('Customer ' || cast("Customer ID" as integer), '{UNKNOWN}') as customer,
        round(abs(Quantity) * cast(Price as decimal(18, 4)), 2) as total
    from '{FILE}' where Invoice in (select Invoice from '{FILE}' group by Invoice having min(Price) >= 0)
"""
ORDERS = {
    "columns": {
        "number": "order",
        "day": "ordered_on",
        "customer": "account",
        "code": "product",
        "text": "name",
        "quantity": "quantity",
        "price": "unit_price",
        "shipped": "shipped_on",
        "paid": "paid_on",
    },
    "constants": {"currency": "GBP"},
}
PRODUCTS = {"columns": {"code": "code", "text": "name", "price": "price"}, "constants": {"currency": "GBP"}}
ACCOUNTS = {"columns": {"customer": "name", "country": "country"}}
YEAR = {"from": "2009-12", "to": "2010-12"}

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason="the data sets lie beside the checkout"),
    pytest.mark.timeout(7200),
]


@pytest.fixture
def shop(emulated: str) -> Iterator[Client]:
    """An installation of its own, without customers yet."""
    make_bucket()
    hire_everybody()
    with Client.open() as client:
        yield client


@pytest.fixture
def book() -> Iterator[duckdb.DuckDBPyConnection]:
    """The file as a table `lines`, one row a line."""
    with duckdb.connect() as opened:
        opened.execute(LINES)
        yield opened


def _csv(book: duckdb.DuckDBPyConnection, query: str) -> bytes:
    found = book.execute(query)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column[0] for column in found.description or ()])
    writer.writerows(found.fetchall())
    return text.getvalue().encode()


def _one(book: duckdb.DuckDBPyConnection, query: str) -> Any:
    found = book.execute(query).fetchone()
    assert found is not None
    return found


def _pounds(amount: Any) -> dict[str, str]:
    return {"amount": str(Decimal(amount).quantize(Decimal("0.01"))), "currency": "GBP"}


@pytest.mark.parametrize(
    "share",
    [
        pytest.param("489434 and 489465", id="sample"),
        pytest.param("489434 and 490200", marks=pytest.mark.long, id="week"),
        pytest.param(None, marks=pytest.mark.long, id="all"),
    ],
)
def test_a_wholesalers_year_comes_in_and_its_figures_are_those_of_the_file(
    shop: Client, book: duckdb.DuckDBPyConnection, share: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = f"where cast(regexp_extract(number, '[0-9]+') as int) between {share}" if share else ""
    book.execute(f"create table brought as select * from lines {some}")
    most_read = _watch_reads(monkeypatch)

    products = _csv(
        book,
        "select code, coalesce(max(nullif(text, '')), code) as text, max(price) as price "
        "from brought group by code order by code",
    )
    bring_in(shop, "products", products, PRODUCTS)
    customers = _csv(book, "select customer, max(country) as country from brought group by 1 order by 1")
    bring_in(shop, "accounts", customers, ACCOUNTS)
    rows = _csv(book, "select *, day as shipped, day as paid from brought order by number")
    job = bring_in(shop, "orders", rows, ORDERS)

    [count] = _one(book, "select count(*) from brought")
    assert (job["rows"], job["imported"], job["refused"]) == (count, count, 0)
    assert most_read[0] <= chunks.CHUNK_BYTES
    _assert_totals(shop, book)
    _assert_top_buyers(shop, book)


def _watch_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list whose one number is the most bytes that were read of a file at once."""
    most, read = [0], files.read

    def watched(key: str, **part: Any) -> bytes:
        content = read(key, **part)
        most[0] = max(most[0], len(content))
        return content

    monkeypatch.setattr(files, "read", watched)
    return most


def _assert_totals(shop: Client, book: duckdb.DuckDBPyConnection) -> None:
    [told] = shop.get("/analytics/orders", by=OPERATIONS, query=YEAR).json["totals"]
    orders, revenue, units = _one(
        book, "select count(distinct number), sum(total), sum(quantity) from brought where quantity > 0"
    )
    notes, value, back = _one(
        book, "select count(distinct number), sum(total), -sum(quantity) from brought where quantity < 0"
    )
    assert (told["count"], told["amount"], told["shipped_units"]) == (orders, _pounds(revenue), units)
    assert told["paid"] == told["amount"]
    came_back = told["credit_notes"], told["returned_amount"], told["returned_units"]
    assert came_back == (notes, _pounds(value), back)


def _assert_top_buyers(shop: Client, book: duckdb.DuckDBPyConnection) -> None:
    told = shop.get("/analytics/orders/customers", by=OPERATIONS, query={"currency": "GBP"}).json["rows"]
    expected = book.execute(
        "select customer, count(distinct case when quantity > 0 then number end), "
        "sum(total) filter (quantity > 0), sum(sign(quantity) * total) as kept "
        "from brought group by customer having kept > 0 order by kept desc limit 10"
    ).fetchall()
    assert [(row["name"], row["orders"], row["amount"], row["kept"]) for row in told] == [
        (name, orders, _pounds(amount), _pounds(kept)) for name, orders, amount, kept in expected
    ]
