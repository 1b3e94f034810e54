"""What the overhead is measured against: Chalice and PynamoDB, one route, the same item stored."""

from chalice.app import Chalice
from pynamodb.attributes import ListAttribute, MapAttribute, UnicodeAttribute
from pynamodb.models import Model

app = Chalice(app_name="bare")


class Calendar(Model):
    """An item."""

    class Meta:
        """Where it is."""

        table_name = "bare"
        region = "us-east-1"

    id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    zone = UnicodeAttribute()
    week: MapAttribute[str, object] = MapAttribute()
    holidays: ListAttribute[str] = ListAttribute(default=list)
    special_days: ListAttribute[str] = ListAttribute(default=list)
    status = UnicodeAttribute(default="ACTIVE")


@app.route("/calendars", methods=["POST"])
def add_calendar() -> dict[str, str]:
    """Store one item."""
    request = app.current_request
    assert request is not None
    calendar = Calendar("calendar_1", **request.json_body)
    calendar.save()
    return {"id": calendar.id}
