"""Advice on ordering anew over HTTP."""

from chalicelib.core.endpoint import Call
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.insight.replenishment import service
from chalicelib.insight.replenishment.schemas import AdviceQuery, SuggestionView

routes = Room("reorder_advice", prefix="/reorder-advice")


@routes.get("", needs="inventory:read", query=AdviceQuery, answers=SuggestionView, listed=True)
def list_advice(call: Call[None, AdviceQuery]) -> Page[service.Suggestion]:
    """List when to order how much of what a warehouse keeps, and why."""
    return service.suggestions(call.query.warehouse_id, **call.page)
