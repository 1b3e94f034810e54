"""What happens by itself: payments are counted, customers graded, falls told."""

from datetime import date

from chalicelib.core import clock
from chalicelib.core.changelog import Change
from chalicelib.sales.credit import alerts
from chalicelib.sales.credit.company import is_another
from chalicelib.sales.credit.models import CreditHistory
from chalicelib.sales.credit.service import look_at, regrade, regrade_everybody, take_in


def order_moved(order: Change) -> None:
    """Count how an order that is, or was, in force was paid by now."""
    if order.after and (since := order.after.get("activated_on")):
        take_in(order.id, order.version, order.after, since=date.fromisoformat(since))


def bills_moved(schedule: Change) -> None:
    """Count how what a contract bills by itself was paid by now."""
    if schedule.after and (bills := schedule.after.get("bills")):
        since = date.fromisoformat(min(bill["on"] for bill in bills))
        if since <= clock.today():
            take_in(schedule.id, schedule.version, schedule.after, since=since)


def company_moved(account: Change) -> None:
    """Grade a customer by what its company is by now."""
    if is_another(account.before, account.after):
        regrade(account.id)


REACTIONS = {
    "account": (company_moved,),
    "order": (order_moved,),
    "revenue_schedule": (bills_moved,),
    "credit_profile": (alerts.fell,),
}
DUE = {CreditHistory: look_at}
NIGHTLY = (regrade_everybody,)
