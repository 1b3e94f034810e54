"""Orders and the order policy over HTTP."""

from typing import Any

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.orders import credit_note_routes, service
from chalicelib.sales.orders.amendment_routes import amendments
from chalicelib.sales.orders.goods_routes import goods
from chalicelib.sales.orders.models import Order, OrderPolicy
from chalicelib.sales.orders.money_routes import money
from chalicelib.sales.orders.policy_schemas import PolicyChange, PolicyView
from chalicelib.sales.orders.schemas import (
    EventView,
    NewOrder,
    OrderChange,
    OrderOfOpportunity,
    OrderOfQuote,
    OrderQuery,
    OrderView,
    Reason,
)

orders = Room("orders", prefix="/orders")
policy = Room("order_policy", prefix="/order-policy")
routes = (orders, amendments, goods, money, credit_note_routes.routes, policy)


@orders.post("", needs="orders:write", body=NewOrder, answers=OrderView, status=201)
def draft_order(call: Call[NewOrder, NoQuery]) -> Answer:
    """Draft an order."""
    order = service.draft(**call.body.values(), by=call.who)
    return created(order)


@orders.post(
    "/from-opportunity",
    needs="orders:write",
    body=OrderOfOpportunity,
    answers=OrderView,
    status=201,
    places="/orders",
)
def draft_order_of_opportunity(call: Call[OrderOfOpportunity, NoQuery]) -> Answer:
    """Draft the order of a won opportunity, with its account, lines and amounts."""
    order = service.draft_from(**call.body.values(), by=call.who)
    return created(order)


@orders.post(
    "/from-quote",
    needs="orders:write",
    body=OrderOfQuote,
    answers=OrderView,
    status=201,
    places="/orders",
)
def draft_order_of_quote(call: Call[OrderOfQuote, NoQuery]) -> Answer:
    """Draft the order of an accepted quote, with its account, lines and amounts."""
    order = service.draft_from_quote(**call.body.values(), by=call.who)
    return created(order)


@orders.get("", needs="orders:read", query=OrderQuery, answers=OrderView, listed=True)
def list_orders(call: Call[None, OrderQuery]) -> Page[Order]:
    """List an owner's, a team's, a month's, an account's or an opportunity's orders, or what waits."""
    return service.orders(who=call.who, **call.query.which(), **call.page)


@orders.get("/{order_id}", needs="orders:read", answers=OrderView)
def read_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Read an order."""
    return service.order(order_id, who=call.who)


@orders.get("/{order_id}/timeline", needs="orders:read", query=ListQuery, answers=EventView, listed=True)
def read_order_timeline(call: Call[None, ListQuery], order_id: str) -> Page[Any]:
    """List what happened to an order, the latest first."""
    found = service.timeline(order_id, who=call.who, **call.page)
    told = [
        {"code": each.code, "on": each.on, "at": each.at, "by": each.by, "text": each.text(call.language)}
        for each in found.items
    ]
    return Page(told, found.after)


@orders.patch("/{order_id}", needs="orders:write", body=OrderChange, answers=OrderView)
def edit_order(call: Call[OrderChange, NoQuery], order_id: str) -> Order:
    """Change a draft."""
    return service.edit(order_id, **call.body.values(), version=call.version, by=call.who)


@orders.post("/{order_id}/submit", needs="orders:write", answers=OrderView)
def submit_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Hand a draft in; within the policy's limit it is approved at once."""
    return service.submit(order_id, version=call.version, by=call.who)


@orders.post("/{order_id}/approve", needs="orders:approve", answers=OrderView)
def approve_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Approve a submitted order of somebody else."""
    return service.approve(order_id, version=call.version, by=call.who)


@orders.post("/{order_id}/reject", needs="orders:approve", body=Reason, answers=OrderView)
def reject_order(call: Call[Reason, NoQuery], order_id: str) -> Order:
    """Send a submitted order back to its draft."""
    return service.reject(order_id, reason=call.body.reason, version=call.version, by=call.who)


@orders.post("/{order_id}/withdraw", needs="orders:write", answers=OrderView)
def withdraw_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Take a submitted or approved order back to its draft."""
    return service.withdraw(order_id, version=call.version, by=call.who)


@orders.post("/{order_id}/activate", needs="orders:write", answers=OrderView)
def activate_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Make an approved order binding."""
    return service.activate(order_id, version=call.version, by=call.who)


@orders.post("/{order_id}/complete", needs="orders:write", answers=OrderView)
def complete_order(call: Call[None, NoQuery], order_id: str) -> Order:
    """Close an order that has gone out in full."""
    return service.complete(order_id, version=call.version, by=call.who)


@orders.post("/{order_id}/cancel", needs="orders:write", body=Reason, answers=OrderView)
def cancel_order(call: Call[Reason, NoQuery], order_id: str) -> Order:
    """Cancel an order; once something has gone out, all that has not."""
    return service.cancel(order_id, reason=call.body.reason, version=call.version, by=call.who)


@orders.post("/{order_id}/reassign", needs="orders:write", body=NewOwner, answers=OrderView)
def reassign_order(call: Call[NewOwner, NoQuery], order_id: str) -> Order:
    """Give an order to another owner."""
    return service.reassign(order_id, owner_id=call.body.owner_id, version=call.version, by=call.who)


@orders.post("/{order_id}/share", needs="orders:write", body=Sharing, answers=OrderView)
def share_order(call: Call[Sharing, NoQuery], order_id: str) -> Order:
    """Let a user or team read or write an order, or end that."""
    return service.share(order_id, **call.body.values(), version=call.version, by=call.who)


@policy.get("", needs="orders:read", answers=PolicyView)
def read_order_policy(call: Call[None, NoQuery]) -> OrderPolicy:
    """Read the order policy; version 0 until operations set one."""
    return service.policy()


@policy.put("", needs="orders:configure", body=PolicyChange, answers=PolicyView)
def set_order_policy(call: Call[PolicyChange, NoQuery]) -> OrderPolicy:
    """Replace the order policy."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)
