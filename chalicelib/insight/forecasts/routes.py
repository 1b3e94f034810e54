"""Forecasts over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.insight.forecasts import service
from chalicelib.insight.forecasts.models import Factor
from chalicelib.insight.forecasts.schemas import (
    AccuracyQuery,
    AccuracyView,
    FactorChange,
    FactorQuery,
    FactorView,
    NewFactor,
    OutlookQuery,
    OutlookView,
    PastDayView,
    ReplayQuery,
)

routes = Room("forecasts", prefix="/forecasts")


@routes.get("/outlook", needs="forecasts:read", query=OutlookQuery, answers=OutlookView)
def read_outlook(call: Call[None, OutlookQuery]) -> service.Outlook:
    """Read what to expect of the next months, beside what is known this minute."""
    asked = call.query
    return service.outlook(
        who=call.who,
        currency=asked.currency,
        months=asked.months,
        team_id=asked.team_id,
        owner_id=asked.owner_id,
    )


@routes.get("/replay", needs="forecasts:read", query=ReplayQuery, answers=PastDayView)
def replay_day(call: Call[None, ReplayQuery]) -> service.PastDay:
    """Replay the end of a past business day: its open deals, and its forecast."""
    asked = call.query
    return service.replay(
        asked.day, who=call.who, currency=asked.currency, team_id=asked.team_id, owner_id=asked.owner_id
    )


@routes.get("/accuracy", needs="forecasts:read", query=AccuracyQuery, answers=AccuracyView)
def read_accuracy(call: Call[None, AccuracyQuery]) -> service.Record:
    """Read past forecasts, one month ahead, against what came."""
    asked = call.query
    return service.record(who=call.who, currency=asked.currency, months=asked.months, team_id=asked.team_id)


@routes.post("/factors", needs="forecasts:configure", body=NewFactor, answers=FactorView, status=201)
def add_factor(call: Call[NewFactor, NoQuery]) -> Answer:
    """Add what the market is expected to do to the figures of some months."""
    factor = service.add_factor(**call.body.values(), by=call.who)
    return created(factor)


@routes.get("/factors", needs="forecasts:read", query=FactorQuery, answers=FactorView, listed=True)
def list_factors(call: Call[None, FactorQuery]) -> Page[Factor]:
    """List market factors, those that end last first."""
    return service.factors(status=call.query.status, **call.page)


@routes.get("/factors/{factor_id}", needs="forecasts:read", answers=FactorView)
def read_factor(call: Call[None, NoQuery], factor_id: str) -> Factor:
    """Read a market factor."""
    return service.factor(factor_id)


@routes.patch("/factors/{factor_id}", needs="forecasts:configure", body=FactorChange, answers=FactorView)
def change_factor(call: Call[FactorChange, NoQuery], factor_id: str) -> Factor:
    """Change a market factor."""
    return service.change_factor(factor_id, version=call.version, by=call.who, **call.body.values())


@routes.delete("/factors/{factor_id}", needs="forecasts:configure", answers=FactorView)
def void_factor(call: Call[None, NoQuery], factor_id: str) -> Factor:
    """Take a market factor out of the figures."""
    return service.void_factor(factor_id, version=call.version, by=call.who)
