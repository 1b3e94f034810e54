"""From a web form to the money, in process: every function has its turn, each under its own policy."""

from datetime import timedelta
from typing import Any

import pytest
from chalice.app import AuthRequest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.core import auth, clock, files
from chalicelib.core.settings import settings
from chalicelib.organisation.people import service as people
from tests import permissions
from tests.client import ADMIN, FINANCE, MANAGER, OPERATIONS, Client, Context, Reply
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import LI, a_form, post
from tests.sales.leads.mailing import arrived, mail
from tests.streams import Stream

PRODUCTS = b"name,price\nFlow meter,9800\nGauge,120\n"
MAPPING = {"columns": {"name": "name", "price": "price"}, "constants": {"currency": "CNY"}}
RITA = {"iss": "https://login.example.com", "sub": "1", "email": "rita@example.com", "email_verified": True}
LISTS = (
    "/me", "/users", "/teams", "/accounts", "/contacts", "/tasks", "/products", "/opportunities",
    "/pipelines", "/leads", "/lead-forms", "/lead-pools", "/orders", "/order-policy", "/contracts",
    "/analytics/funnel", "/analytics/sales", "/analytics/sales/customers", "/analytics/sales/spread",
    "/analytics/leads", "/analytics/sla", "/analytics/orders", "/analytics/receivables",
    "/analytics/stock", "/warehouses", "/forecasts/outlook",
    "/forecasts/accuracy", "/reports/subscriptions", "/reports/runs", "/openapi.json", "/health",
)  # fmt: skip


def done(reply: Reply) -> Any:
    """Return a reply's body, which is to tell of success."""
    assert reply.status < 300, reply.text
    return reply.json


class Walk:
    """One company's day; `client` makes the requests, `stream` delivers the changes."""

    def __init__(self, client: Client, stream: Stream) -> None:
        self.client, self.stream = client, stream

    def whole(self, patched: pytest.MonkeyPatch) -> None:
        """Go all the way."""
        hire_everybody()
        self._sign_in(patched)
        meter = self._import_products()
        deal = self._win(self._convert(self._enquiry()), meter)
        self._order(deal)
        self._contract(deal)
        self._report()
        self._mail()
        for path in LISTS:
            assert self.client.get(path, by=OPERATIONS).status == 200, path
        self._run("nightly")

    def _post(self, path: str, body: Any = None, by: Any = MANAGER) -> Any:
        return done(self.client.post(path, body or {}, by=by, headers={"Idempotency-Key": path}))

    def _run(self, function: str) -> None:
        import app  # heavy: the whole house

        keys = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
        with permissions.acting_as(function):
            getattr(app, function)(dict.fromkeys(keys, ""), Context(function))

    def _mail(self) -> None:
        import app  # heavy: the whole house

        for number, text in enumerate((mail(), mail(Message_ID="<2@example.cn>", Subject="Hurry"), b"?")):
            event = arrived(f"mails/{number}", text)
            with permissions.acting_as("inbound_mail"):
                app.inbound_mail(event, Context("inbound_mail"))

    def _settle(self) -> None:
        self.stream.drain()
        with clock.at(clock.now() + timedelta(minutes=2)):
            self._run("every_minute")
        self.stream.drain()

    def _sign_in(self, patched: pytest.MonkeyPatch) -> None:
        key = self._post("/api-keys", {"name": "ERP", "scopes": ["*:read"]}, by=ADMIN)["key"]
        patched.setattr(auth, "claims_of", lambda token: RITA)
        for token in (key, "first login", "second login"):
            asked = AuthRequest("TOKEN", f"Bearer {token}", "arn:aws:execute-api:us-east-1:1:api/v1/GET/")
            with permissions.acting_as("authorizer"):
                assert auth.authorize(asked, people.identify).principal_id

    def _import_products(self) -> dict[str, Any]:
        files.forget()
        files._client().create_bucket(Bucket=settings().files)
        wanted = {"target": "products", "file_name": "p.csv", "size": len(PRODUCTS), "mapping": MAPPING}
        job = self._post("/imports", wanted, by=OPERATIONS)["job"]
        files.write(f"imports/{job['id']}/file.csv", PRODUCTS, media="text/csv")
        self._post(f"/imports/{job['id']}/start", by=OPERATIONS)
        self._settle()
        assert done(self.client.get(f"/imports/{job['id']}/report", by=OPERATIONS))["download"]
        found: list[dict[str, Any]] = done(self.client.get("/products", by=MANAGER))["items"]
        return next(each for each in found if each["name"] == "Flow meter")

    def _enquiry(self) -> dict[str, Any]:
        assert post(self.client, a_form(self.client), LI).status == 202
        self._settle()
        [lead] = done(self.client.get("/leads", by=OPERATIONS, query={"month": f"{clock.now():%Y-%m}"}))[
            "items"
        ]
        if lead["owner_id"] != MANAGER.id:
            lead = self._post(f"/leads/{lead['id']}/reassign", {"owner_id": MANAGER.id}, by=OPERATIONS)
        found: dict[str, Any] = lead
        return found

    def _convert(self, lead: dict[str, Any]) -> str:
        call = {"about_id": lead["id"], "type": "CALL", "direction": "OUT", "subject": "First", "minutes": 9}
        self._post("/activities", call)
        self._settle()
        wanted = {"opportunity": {"name": "Flow meters", "close_on": "2099-12-20"}}
        return str(self._post(f"/leads/{lead['id']}/convert", wanted)["opportunity_id"])

    def _win(self, deal_id: str, product: dict[str, Any]) -> dict[str, Any]:
        at = f"/opportunities/{deal_id}"
        deal = done(self.client.get(at, by=MANAGER))
        lines = {"lines": [{"product_id": product["id"], "quantity": 12}]}
        done(self.client.patch(at, lines, by=MANAGER, match=deal["version"]))
        self._post(f"{at}/advance", {"stage_id": "proposal"})
        won: dict[str, Any] = self._post(f"{at}/win")
        self._settle()
        return won

    def _order(self, deal: dict[str, Any]) -> None:
        order = self._post("/orders/from-opportunity", {"opportunity_id": deal["id"]})
        at = f"/orders/{order['id']}"
        self._post(f"{at}/submit")
        self._post(f"{at}/approve", by=FINANCE)
        self._post(f"{at}/activate")
        self._post(f"{at}/shipments", {"reference": "DN-1"})
        money = {"reference": "TT-1", "amount": order["total"], "method": "TRANSFER"}
        assert self._post(f"{at}/payments", money, by=FINANCE)["payment_status"] == "PAID"
        self._settle()

    def _contract(self, deal: dict[str, Any]) -> None:
        terms = {"account_id": deal["account_id"], "title": "Care 维保", "value": deal["amount"],
                 "starts_on": "2026-01-01", "ends_on": "2099-12-31"}  # fmt: skip
        at = f"/contracts/{self._post('/contracts', terms)['id']}"
        self._post(f"{at}/submit")
        self._post(f"{at}/approve", by=OPERATIONS)
        self._post(f"{at}/send")
        self._post(f"{at}/sign", {"signed_by": "Li Lei"})
        self._post(f"{at}/activate")
        self._settle()

    def _report(self) -> None:
        ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].verify_email_identity(settings().mail_from)
        made = self._post("/reports/subscriptions", {"report": "MANAGER_WEEKLY"})
        self._post(f"/reports/subscriptions/{made['id']}/run")
        self._settle()
        [run] = done(self.client.get("/reports/runs", by=MANAGER))["items"]
        assert run["status"] == "SENT", run
