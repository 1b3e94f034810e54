"""Looking back 准确率: what was forecast a month ahead, against what came."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.core import boards, clock
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.forecasts import accuracy, runs, snapshots
from chalicelib.insight.forecasts.deals import finished_month, last_day, month_text
from chalicelib.insight.forecasts.models import Run, id_of_day
from chalicelib.insight.forecasts.runs import percent
from chalicelib.insight.forecasts.scope import Scope, scope


@dataclass(frozen=True, slots=True)
class Hit:
    """A month as it was forecast at the end of the month before, and as it came.

    `error` is (forecast − actual) / actual and `accuracy` 1 − |error|, at least 0; both in per cent
    and None of a month without sales. `p50` is None where only a range could be given.
    """

    month: str
    method: str
    p10: Money
    p50: Money | None
    p90: Money
    actual: Money
    inside: bool
    error: str | None
    accuracy: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """How good the forecasts were; `wape`, `bias` (above 0: too high) and `coverage` in per cent."""

    currency: str
    team_id: str | None
    wape: str | None
    bias: str | None
    coverage: str | None
    months: Sequence[Hit]


def record(*, who: Principal, currency: str, months: int, team_id: str | None = None) -> Record:
    """Return the forecasts of the last finished months, one month ahead, against what came.

    Months for which no forecast was kept are left out. One batched read and one Query.
    """
    asked = scope(who, team_id=team_id)
    end = finished_month(clock.today() - snapshots.DAY)
    span = range(end - months + 1, end + 1)
    rows = boards.months(f"sales|{asked.dimension}", month_text(span[0]), month_text(end))
    won = runs.won_by_month(rows, asked.members, currency)
    made = {month: id_of_day(Run.kind, last_day(month - 1), asked.segment, currency) for month in span}
    kept = {} if asked.owner_id else Run.fetch_many(made.values())
    told = [(month_text(month), kept[run_id]) for month, run_id in made.items() if run_id in kept]
    return _record(
        asked, currency, [_hit(month, run, won.get(month, 0)) for month, run in told if run.months]
    )


def _hit(month: str, run: Run, actual: int) -> Hit:
    p10, p50, p90 = run.p10[0], run.expected[0], run.p90[0]
    of_actual = (p50 - actual) / actual if actual else None
    return Hit(
        month=month,
        method=run.method,
        p10=Money(p10, run.currency),
        p50=None if run.shortage else Money(p50, run.currency),
        p90=Money(p90, run.currency),
        actual=Money(actual, run.currency),
        inside=p10 <= actual <= p90,
        error=None if run.shortage else percent(of_actual),
        accuracy=None if run.shortage else percent(accuracy.accuracy(actual, p50)),
    )


def _record(asked: Scope, currency: str, hits: Sequence[Hit]) -> Record:
    judged = [(hit, hit.p50) for hit in hits if hit.p50 is not None]
    actuals, figures = [hit.actual.minor for hit, _ in judged], [p50.minor for _, p50 in judged]
    lows, highs = [hit.p10.minor for hit, _ in judged], [hit.p90.minor for hit, _ in judged]
    return Record(
        currency=currency,
        team_id=asked.team_id,
        wape=percent(accuracy.wape(actuals, figures)),
        bias=percent(accuracy.bias(actuals, figures)),
        coverage=percent(accuracy.coverage(actuals, lows, highs)),
        months=hits,
    )
