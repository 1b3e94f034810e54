"""What the reports say: the person's own work and the team's figures, in the person's language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import clock, ids
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import create
from chalicelib.customers.accounts.models import Account
from chalicelib.customers.activities import service as activities
from chalicelib.insight.reports import render
from chalicelib.insight.reports.compose import REPORTS, compose
from chalicelib.insight.reports.paper import Paper, Reader, Section
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.risk import LIST
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.revenue.models import Receivable
from chalicelib.sales.revenue.owed import OPEN_LIST
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER
from tests.insight.reports.pages import Page
from tests.memory import fresh_tables
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

#: 08:00 of a Monday in Shanghai.
NOW = datetime(2026, 11, 23, 0, tzinfo=UTC)
#: What somebody called their things to see what we do with it.
NASTY = "<script>alert('张')</script>\n## Sales"


@pytest.fixture(scope="module", autouse=True)
def stream() -> Iterator[Stream]:
    """People at work: tasks, leads, deals open, standing still and won; all of it counted.

    One company for all tests of this file: they read, or add what the others do not look at.
    """
    with mock_aws(), clock.at(NOW):
        fresh_tables()
        opened = Stream()
        hire_everybody()
        task("Call 王丽", REP, hours=3)
        task("Next week", REP, hours=24 * 7)
        task("Rob's own", COLLEAGUE, hours=1)
        lead("Waits for Rita", REP, hours=5)
        lead("Has time", REP, hours=40)
        deal("fresh", REP, opened=date(2026, 11, 20))
        deal(NASTY, REP, opened=date(2026, 9, 1))
        deal("Sam stands still", STRANGER, team=SOUTH, opened=date(2026, 9, 1))
        deal("won now", REP, opened=date(2026, 10, 1), stage="won", closed_on=date(2026, 11, 5))
        deal("won then", COLLEAGUE, opened=date(2026, 9, 1), stage="won", closed_on=date(2026, 10, 5))
        for why in ("price", None):
            over: dict[str, Any] = {"stage": "lost", "closed_on": date(2026, 11, 6), "lost_reason": why}
            deal(f"lost for {why}", STRANGER, team=SOUTH, opened=date(2026, 10, 1), **over)
        owed("SO-1", REP, due_on=date(2026, 11, 3))
        owed("SO-2", COLLEAGUE, due_on=date(2026, 10, 24))
        owed("SO-3", STRANGER, team=SOUTH, due_on=date(2026, 10, 1))
        owed("SO-4", REP, due_on=date(2026, 11, 23))
        slipping("Line 3 产线", REP)
        slipping("South", STRANGER, team=SOUTH)
        opened.drain()
        yield opened


def task(title: str, owner: Principal, *, hours: int) -> None:
    """Give somebody a task."""
    activities.add_task(
        None, title=title, owner_id=owner.id, team_id=NORTH, due_at=NOW + timedelta(hours=hours)
    )


def lead(name: str, owner: Principal, *, hours: int) -> None:
    """Let somebody have a lead to answer within hours, or breached when they are over."""
    due_at = NOW + timedelta(hours=hours)
    made = Lead(
        name=name,
        company="ACME 有限公司",
        status="ASSIGNED",
        channel="WEB",
        owner_id=owner.id,
        team_id=NORTH,
        desk=f"{owner.id}|ASSIGNED",
        received_at=NOW - timedelta(hours=1),
        sla_status="BREACHED" if hours < 0 else "DUE",
        sla_due_at=due_at,
    )
    create(made, by=owner.id)


def deal(
    name: str, owner: Principal, *, opened: date, team: str = NORTH, stage: str = "proposal", **more: Any
) -> None:
    """Let somebody have a deal of 1,234.50."""
    opportunities.bring_in(
        external_id=f"test:{name}",
        name=name,
        stage_id=stage,
        owner_id=owner.id,
        team_id=team,
        amount=Money(1234_50, "CNY"),
        opened_on=opened,
        **more,
    )


def owed(document: str, owner: Principal, *, team: str = NORTH, due_on: date) -> None:
    """Let 张三公司 owe somebody 1,234.50, of which 234.50 is paid."""
    customer = Account(name="张三公司", owner_id=owner.id, team_id=team)
    create(customer, by=owner.id)
    made = Receivable(
        ids.new("receivable"),
        source_id=ids.new("order"),
        source_version=1,
        number=1,
        document=document,
        account_id=customer.id,
        billed_on=date(2026, 9, 1),
        due_on=due_on,
        amount=Money(1234_50, "CNY"),
        paid=Money(234_50, "CNY"),
        open_since=due_on.isoformat(),
        open_list=OPEN_LIST,
        owner_id=owner.id,
        team_id=team,
    )
    create(made, by=owner.id)


def slipping(title: str, owner: Principal, *, team: str = NORTH) -> None:
    """Let somebody have a contract that is behind."""
    made = Contract(
        number="CT-1",
        title=title,
        status="ACTIVATED",
        account_id=ids.new("account"),
        value=Money(50_000_00, "CNY"),
        reminder_days=30,
        risk="HIGH",
        risk_rank=f"0|2026-11-01|{title}",
        risk_list=LIST,
        owner_id=owner.id,
        team_id=team,
    )
    create(made, by=owner.id)


def written(report: str, who: Principal, language: str = "en") -> Paper:
    """Return a report as somebody gets it this Monday."""
    return compose(report, Reader(who, language, "Asia/Shanghai", NOW))


def section(paper: Paper, title: str) -> Section:
    """Return a section by its title."""
    return next(each for each in paper.sections if each.title == title)


def labels(found: Section) -> list[str]:
    """Return what a section's rows are about."""
    return [row.label for row in found.rows]


def test_a_rep_reads_what_is_due_today_and_nothing_of_others() -> None:
    paper = written("REP_DAILY", REP)

    assert paper.greeting == "Hello Rita 王丽,"
    assert [(row.label, row.value) for row in section(paper, "Tasks due").rows] == [("Call 王丽", "11:00")]
    [waiting] = section(paper, "Leads to answer today").rows
    assert (waiting.label, waiting.value, waiting.note) == ("Waits for Rita", "13:00", "ACME 有限公司")


def test_a_rep_reads_open_deals_by_stage_and_those_that_stand_still() -> None:
    paper = written("REP_DAILY", REP)

    stages = section(paper, "Your open deals").rows
    assert [(row.label, row.bar) for row in stages if row.bar] == [("Proposal", 100)]
    assert "2,469.00 CNY" in next(row.note for row in stages if row.bar)
    [stalled] = section(paper, "Deals that stand still").rows
    assert (stalled.label, stalled.value) == (NASTY, "1,234.50 CNY")
    assert stalled.note == "83 days in its stage"


def test_a_manager_reads_this_months_sales_beside_the_last() -> None:
    paper = written("MANAGER_WEEKLY", MANAGER)

    sales = section(paper, "Sales, this month and last").rows
    assert [(row.label, row.value, row.bar) for row in sales] == [
        ("2026-10", "1,234.50 CNY", 100),
        ("2026-11", "1,234.50 CNY", 100),
    ]
    assert sales[0].note == "1 won of 1 closed (100.0 %)"
    assert labels(section(paper, "Sold most this month")) == ["Rita 王丽"]


@pytest.mark.parametrize(
    ("language", "why"), [("en", ["Price", "No reason given"]), ("zh-CN", ["价格", "未填写原因"])]
)
def test_what_deals_were_lost_for_is_told_in_the_companys_words(language: str, why: list[str]) -> None:
    title = "What deals were lost for this month" if language == "en" else "本月输单原因"

    rows = section(written("MANAGER_WEEKLY", OPERATIONS, language=language), title).rows

    assert [(row.label, row.value) for row in rows] == [(each, "1,234.50 CNY") for each in why]
    assert section(written("MANAGER_WEEKLY", MANAGER), "What deals were lost for this month").rows == []


def test_a_manager_reads_of_the_own_team_alone_and_operations_of_all() -> None:
    own = labels(section(written("MANAGER_WEEKLY", MANAGER), "Deals that stand still"))
    everybodys = labels(section(written("MANAGER_WEEKLY", OPERATIONS), "Deals that stand still"))

    assert own == [NASTY]
    assert sorted(everybodys) == sorted([NASTY, "Sam stands still"])


def test_a_manager_reads_what_to_expect_or_that_it_is_not_known_yet() -> None:
    ahead = section(written("MANAGER_WEEKLY", MANAGER), "Forecast").rows

    assert [row.label for row in ahead] == ["2026-11", "2026-12", "2027-01"]
    assert {row.value for row in ahead} == {"not enough history"}
    assert all(" to " in row.note for row in ahead)


def test_a_first_contact_that_was_missed_is_told_of(stream: Stream) -> None:
    lead("Forgotten", COLLEAGUE, hours=-2)
    stream.drain()

    [missed] = section(written("MANAGER_WEEKLY", MANAGER), "First contacts missed this month").rows

    assert (missed.label, missed.value, missed.note) == ("Rob", "1", "of 1 leads, 0 in time")


def test_a_rep_reads_what_the_own_customers_should_have_paid() -> None:
    [late] = section(written("REP_DAILY", REP), "Overdue money").rows

    assert (late.label, late.value, late.note) == ("张三公司 · SO-1", "1,000.00 CNY", "20 days late")


def test_a_manager_reads_what_is_owed_to_the_team_and_which_contracts_slip() -> None:
    paper, whole = written("MANAGER_WEEKLY", MANAGER), written("MANAGER_WEEKLY", OPERATIONS)

    [behind] = section(paper, "Contracts that slip").rows
    assert (behind.label, behind.value, behind.note) == ("CT-1 · Line 3 产线", "High risk", "50,000.00 CNY")
    assert labels(section(paper, "Overdue money")) == ["张三公司 · SO-2", "张三公司 · SO-1"]
    assert len(section(whole, "Contracts that slip").rows) == 2
    assert [row.note for row in section(whole, "Overdue money").rows] == [
        "53 days late",
        "30 days late",
        "20 days late",
    ]


@pytest.mark.parametrize("report", REPORTS)
def test_both_languages_say_the_same(report: str) -> None:
    english, chinese = written(report, MANAGER), written(report, MANAGER, "zh-CN")

    assert len(english.sections) == len(chinese.sections)
    for one, other in zip(english.sections, chinese.sections, strict=True):
        assert one.title != other.title
        assert [row.bar for row in one.rows] == [row.bar for row in other.rows]
    assert Page(render.html(english)).tags == Page(render.html(chinese)).tags


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(("report", "who"), [("REP_DAILY", REP), ("MANAGER_WEEKLY", MANAGER)])
def test_html_and_text_show_every_section_and_escape_what_people_wrote(
    report: str, who: Principal, language: str
) -> None:
    paper = written(report, who, language)
    page, text = Page(render.html(paper)), render.text(paper)

    assert page.headings == [paper.subject, *(each.title for each in paper.sections)]
    assert [f"## {each.title}" for each in paper.sections] == [
        line for line in text.splitlines() if line.startswith("## ")
    ]
    assert NASTY in page.words
    assert "script" not in page.tags
    assert "report." not in text


def test_a_long_list_is_cut_and_says_so() -> None:
    for number in range(20):
        task(f"Task {number}", COLLEAGUE, hours=2)

    tasks = section(written("REP_DAILY", COLLEAGUE), "Tasks due")

    assert len(tasks.rows) == 15
    assert tasks.more == "and 6 more"
