"""Products over HTTP; what they cost a customer is in `price_routes`."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.catalog import price_routes, service
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.schemas import CostView, NewProduct, ProductChange, ProductQuery, ProductView

products = Room("products", prefix="/products")
routes = (products, *price_routes.rooms)


@products.post("", needs="products:configure", body=NewProduct, answers=ProductView, status=201)
def add_product(call: Call[NewProduct, NoQuery]) -> Answer:
    """Add a product to the catalogue."""
    product = service.add_product(**call.body.values(), by=call.who)
    return created(product)


@products.get("", needs="products:read", query=ProductQuery, answers=ProductView, listed=True)
def list_products(call: Call[None, ProductQuery]) -> Page[Product]:
    """List products, or the variants of a template, by name."""
    return service.products(status=call.query.status, parent_id=call.query.parent_id, **call.page)


@products.get("/{product_id}", needs="products:read", answers=ProductView)
def read_product(call: Call[None, NoQuery], product_id: str) -> Product:
    """Read a product."""
    return service.product(product_id)


@products.patch("/{product_id}", needs="products:configure", body=ProductChange, answers=ProductView)
def change_product(call: Call[ProductChange, NoQuery], product_id: str) -> Product:
    """Change a product."""
    return service.change_product(product_id, version=call.version, by=call.who, **call.body.values())


@products.get("/{product_id}/cost", needs="costs:approve", answers=CostView)
def read_cost(call: Call[None, NoQuery], product_id: str) -> Product:
    """Read what one piece of a product costs us."""
    return service.product(product_id)
