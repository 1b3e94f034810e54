"""Products over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.catalog import service
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.schemas import NewProduct, ProductChange, ProductQuery, ProductView

routes = Room("products", prefix="/products")


@routes.post("", needs="products:configure", body=NewProduct, answers=ProductView, status=201)
def add_product(call: Call[NewProduct, NoQuery]) -> Answer:
    """Add a product to the catalogue."""
    product = service.add_product(**call.body.values(), by=call.who)
    return created(product, f"/products/{product.id}")


@routes.get("", needs="products:read", query=ProductQuery, answers=ProductView, listed=True)
def list_products(call: Call[None, ProductQuery]) -> Page[Product]:
    """List products by name."""
    return service.products(status=call.query.status, **call.page)


@routes.get("/{product_id}", needs="products:read", answers=ProductView)
def read_product(call: Call[None, NoQuery], product_id: str) -> Product:
    """Read a product."""
    return service.product(product_id)


@routes.patch("/{product_id}", needs="products:configure", body=ProductChange, answers=ProductView)
def change_product(call: Call[ProductChange, NoQuery], product_id: str) -> Product:
    """Change a product."""
    return service.change_product(product_id, version=call.version, by=call.who, **call.body.values())
