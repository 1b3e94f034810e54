"""Money of orders over HTTP: what comes in, what goes back, and invoices for it."""

from chalicelib.core.endpoint import Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.web import Room
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.money_schemas import (
    CorrectedInvoice,
    IssuedInvoice,
    NewInvoice,
    NewPayment,
    NewRefund,
    PaymentTakenBack,
    RefusedInvoice,
    Rescheduled,
)
from chalicelib.sales.orders.schemas import OrderView

money = Room("order_money", prefix="/orders")


@money.post("/{order_id}/payments", needs="orders:write", body=NewPayment, answers=OrderView)
def pay_order(call: Call[NewPayment, NoQuery], order_id: str) -> Order:
    """Record that money came in."""
    return service.pay(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post(
    "/{order_id}/payments/take-back", needs="orders:approve", body=PaymentTakenBack, answers=OrderView
)
def take_payment_back(call: Call[PaymentTakenBack, NoQuery], order_id: str) -> Order:
    """Let a payment that was recorded by mistake count no more."""
    return service.take_back(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/refunds", needs="orders:approve", body=NewRefund, answers=OrderView)
def refund_order(call: Call[NewRefund, NoQuery], order_id: str) -> Order:
    """Record that money was paid back, of what is here and settles nothing."""
    return service.refund(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/reschedule", needs="orders:approve", body=Rescheduled, answers=OrderView)
def reschedule_instalment(call: Call[Rescheduled, NoQuery], order_id: str) -> Order:
    """Let an instalment that is open be due on another day, as agreed."""
    return service.reschedule(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/invoices", needs="orders:write", body=NewInvoice, answers=OrderView)
def request_invoice(call: Call[NewInvoice, NoQuery], order_id: str) -> Order:
    """Ask for an invoice: for an instalment, a shipment, or all that is left."""
    return service.request_invoice(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/invoices/issue", needs="orders:approve", body=IssuedInvoice, answers=OrderView)
def issue_invoice(call: Call[IssuedInvoice, NoQuery], order_id: str) -> Order:
    """Record that an invoice was issued, with its number."""
    return service.issue_invoice(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/invoices/refuse", needs="orders:approve", body=RefusedInvoice, answers=OrderView)
def refuse_invoice(call: Call[RefusedInvoice, NoQuery], order_id: str) -> Order:
    """Refuse to issue an invoice that was asked for."""
    return service.refuse_invoice(order_id, **call.body.values(), version=call.version, by=call.who)


@money.post("/{order_id}/invoices/correct", needs="orders:approve", body=CorrectedInvoice, answers=OrderView)
def correct_invoice(call: Call[CorrectedInvoice, NoQuery], order_id: str) -> Order:
    """Record the red-letter invoice by which an issued one counts no more."""
    return service.correct_invoice(order_id, **call.body.values(), version=call.version, by=call.who)
