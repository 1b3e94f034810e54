"""The funnel 销售漏斗: what stands in each stage now, and how deals pass from one to the next."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.core import boards, i18n
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.analytics import members
from chalicelib.insight.analytics.figures import Mean, Share
from chalicelib.insight.analytics.tables import Asked, Numbers
from chalicelib.sales.opportunities import service as opportunities

DAY_SECONDS: Final = 86_400


Stage = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a stage now, in one currency; `weighted` by the deals' probability."""

    amount: Money
    weighted: Money


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage: the open deals in it now, and what became of deals that entered it.

    `advanced` went on to a later stage, `lost` were lost from here; the rest has not left yet.
    """

    stage_id: str
    name: str
    count: int
    standing: Sequence[Standing]
    entered: int
    advanced: int
    lost: int
    dwell: Mean

    @property
    def conversion(self) -> Share:
        """Gone on to a later stage, of all that entered."""
        return Share(self.advanced, self.entered)


@dataclass(frozen=True, slots=True)
class MemberFunnel:
    """One member's funnel. `member` None: of records that name none."""

    member: str | None
    name: str | None
    stages: Sequence[StageLine]

    @property
    def bottleneck(self) -> str | None:
        """The stage that the smallest part of deals gets beyond; of equals, the slowest.

        Only stages that some deal has left are judged: before, nothing is known.
        """
        judged = [stage for stage in self.stages if stage.advanced + stage.lost]
        return min(judged, key=_passing).stage_id if judged else None


@dataclass(frozen=True, slots=True)
class Funnel(MemberFunnel):
    """All members in reach together, and each of them. The months are those deals were opened in."""

    pipeline_id: str
    by: str
    first_month: str
    last_month: str
    members: Sequence[MemberFunnel]


def funnel(pipeline_id: str | None, asked: Asked, *, who: Principal, language: str) -> Funnel:
    """Return a pipeline's funnel (the default one's for None) by a dimension. Two Queries.

    Of the stages in which deals are worked on, in their order. What stands in them is of now;
    what passed through them is of deals opened in the months asked for. NotFound when there is
    no such pipeline; Forbidden and NotFound as `members.admitted` has them.
    """
    member = members.admitted(who, by=asked.by, member=asked.member)
    pipeline = opportunities.pipeline(pipeline_id)
    lines = partial(_lines, [stage for stage in pipeline.stages if stage["type"] == "OPEN"], language)
    board, span = f"{pipeline.id}|{asked.by}", asked.span
    now = _by_member(boards.read(f"pipeline|{board}"), _standing_key, member)
    passed = _by_member(boards.months(f"flow|{board}", span.first, span.last), _flow_key, member)
    named = members.names(who, by=asked.by, members=now.keys() | passed.keys())
    each = [
        MemberFunnel(members.shown(of), named[of], lines(now.get(of, {}), passed.get(of, {})))
        for of in sorted(named, key=lambda of: (named[of] or "", of))
    ]
    stages = lines(_sum(now, named), _sum(passed, named))
    name = named.get(member) if member else None
    return Funnel(member, name, stages, pipeline.id, asked.by, span.first, span.last, each)


#: A member's numbers, by the currency they are in ("" for those that are no money).
_Numbers = Mapping[str, Numbers]


def _by_member(
    rows: Mapping[str, boards.Row], read: Callable[[str], tuple[str, str]], member: str | None
) -> dict[str, _Numbers]:
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for key, numbers in rows.items():
        of, currency = read(key)
        if member is None or of == member:
            _add(found[of][currency], numbers)
    return dict(found)


def _standing_key(key: str) -> tuple[str, str]:
    of, _, currency = key.rpartition("|")
    return of, currency


def _flow_key(key: str) -> tuple[str, str]:
    return key.partition("|")[2], ""


def _sum(found: Mapping[str, _Numbers], named: Iterable[str]) -> _Numbers:
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for of in named:
        for currency, numbers in found.get(of, {}).items():
            _add(sums[currency], numbers)
    return sums


def _add(sums: dict[str, int], numbers: Numbers) -> None:
    for name, number in numbers.items():
        sums[name] = sums.get(name, 0) + number


def _lines(stages: Sequence[Stage], language: str, now: _Numbers, passed: _Numbers) -> list[StageLine]:
    return [
        _line(stage["id"], i18n.named(stage["names"], language), now, passed.get("", {})) for stage in stages
    ]


def _line(stage_id: str, name: str, now: _Numbers, passed: Numbers) -> StageLine:
    def flow(what: str) -> int:
        return passed.get(f"{stage_id}.{what}", 0)

    return StageLine(
        stage_id=stage_id,
        name=name,
        count=sum(numbers.get(f"{stage_id}.count", 0) for numbers in now.values()),
        standing=[
            Standing(
                Money(numbers.get(f"{stage_id}.amount", 0), currency),
                Money(numbers.get(f"{stage_id}.weighted", 0), currency),
            )
            for currency, numbers in sorted(now.items())
            if numbers.get(f"{stage_id}.count")
        ],
        entered=flow("entered"),
        advanced=flow("advanced"),
        lost=flow("lost"),
        dwell=Mean(flow("dwell_seconds"), flow("dwell_count"), DAY_SECONDS),
    )


def _passing(stage: StageLine) -> tuple[float, float]:
    # Only to put stages in order: the figures shown are exact.
    slow = stage.dwell.total / stage.dwell.count if stage.dwell.count else 0
    return stage.advanced / max(stage.entered, 1), -slow
