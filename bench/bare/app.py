"""What the overhead is measured against: Chalice and PynamoDB, one route, one item stored."""

from chalice.app import Chalice
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

app = Chalice(app_name="bare")


class Product(Model):
    """An item."""

    class Meta:
        """Where it is."""

        table_name = "bare"
        region = "us-east-1"

    id = UnicodeAttribute(hash_key=True)
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    price = NumberAttribute()
    currency = UnicodeAttribute()


@app.route("/products", methods=["POST"])
def add_product() -> dict[str, str]:
    """Store one item."""
    request = app.current_request
    assert request is not None
    body = request.json_body
    product = Product(body["code"], **body)
    product.save()
    return {"id": product.id}
