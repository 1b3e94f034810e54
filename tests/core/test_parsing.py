"""What a body may look like and still be understood."""

from chalicelib.core.parsing import read_body
from chalicelib.sales.catalog.schemas import NewProduct

BODY = '{"code": "P1", "name": "压力机", "list_price": {"amount": "12.50", "currency": "CNY"}}'


def test_a_body_that_begins_with_a_byte_order_mark_is_read_as_without() -> None:
    marked, plain = (
        read_body(NewProduct, BODY.encode(encoding), "application/json", most=1_000)
        for encoding in ("utf-8-sig", "utf-8")
    )

    assert marked == plain
    assert marked.name == "压力机"
