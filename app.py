"""The front door: every domain's routes, the change handler, the schedules, the authorizer."""

from functools import partial
from typing import Any

from chalice.app import (
    AuthRequest,
    AuthResponse,
    ConvertToMiddleware,
    CORSConfig,
    Cron,
    DynamoDBEvent,
    Rate,
)

from chalicelib import house
from chalicelib.core import auth
from chalicelib.core.door import FrontDoor
from chalicelib.core.observe import observed

#: Chalice wants a stream's ARN here; the real ones come from the template (`infra/`).
STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/placeholder/stream/2020-01-01T00:00:00.000"

app = FrontDoor(app_name="salestream", configure_logs=False)
app.api.cors = CORSConfig(
    allow_origin="*",
    allow_headers=[
        "Authorization",
        "Content-Type",
        "If-Match",
        "Idempotency-Key",
        "Accept-Language",
    ],
    expose_headers=["ETag", "Location", "X-Request-Id", "Retry-After", "Idempotency-Replayed"],
    max_age=600,
)
app.register_middleware(ConvertToMiddleware(observed), "all")


@app.authorizer(ttl_seconds=300)
def authorizer(request: AuthRequest) -> AuthResponse:
    """Say who the bearer of a token is."""
    from chalicelib.organisation.people import service as people  # heavy: only in the authorizer

    return auth.authorize(request, people.identify)


app.rooms_at = house.rooms_at
if not house.is_deployed():
    for room in house.all_rooms():
        app.open(room, authorizer)


@app.on_dynamodb_record(stream_arn=STREAM, name="table_changes", starting_position="TRIM_HORIZON")
def table_changes(event: DynamoDBEvent) -> dict[str, Any]:
    """Apply what changed in any table: log, aggregates, reactions."""
    from chalicelib.core import changes  # heavy: not for those who serve requests

    return changes.deliver(event.to_dict(), house.house())


@app.lambda_function(name="inbound_mail")
def inbound_mail(event: dict[str, Any], context: Any) -> None:
    """Take in mails that have come to the company's bucket."""
    from chalicelib.core import mailbox  # heavy: not for those who serve requests

    mailbox.deliver(event, house.mailed())


@app.schedule(Rate(1, unit=Rate.MINUTES), name="every_minute")
def every_minute(event: Any) -> None:
    """Do what has come due: first contacts, reminders, expiries, reports."""
    from chalicelib.core import due  # heavy: not for those who serve requests

    due.sweep(house.due())


@app.schedule(Cron(30, 17, "*", "*", "?", "*"), name="nightly")
def nightly(event: Any) -> None:
    """Compare the aggregates with the tables and repair them; then each domain's nightly work."""
    from chalicelib.core import night, reconcile  # heavy: not for those who serve requests

    night.work_through(partial(reconcile.run, house.counted(), house.measures()), *house.nightly())
