"""The grade a customer earns, and why it is no better."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import i18n
from chalicelib.core.money import Money
from chalicelib.sales.credit.company import UNKNOWN, Company
from chalicelib.sales.credit.grading import GRADES, GradeTerms, Grading, grading, months_between
from chalicelib.sales.credit.history import Facts
from chalicelib.sales.credit.policy import policy

TODAY = date(2026, 6, 30)
LADDER = [
    GradeTerms("A", most_days_late=3, most_overdue_bps=0, fewest_instalments=6, fewest_months=12),
    GradeTerms("B", most_days_late=10, most_overdue_bps=1_000),
    GradeTerms("C", most_days_late=30, most_overdue_bps=5_000),
    GradeTerms("D"),
]


def graded(facts: Facts, *, months: int = 24) -> Grading:
    since = TODAY - timedelta(days=31 * months)
    return grading(LADDER, "B", facts, UNKNOWN, since=since, today=TODAY)


#: A takes a large old company, B a company of some size; C asks for none.
SIZED = [
    replace(LADDER[0], fewest_employees=500, fewest_years=10, least_revenue={"CNY": 10**9, "EUR": 10**8}),
    replace(LADDER[1], fewest_employees=10),
    *LADDER[2:],
]


#: Of who has paid nothing yet.
NOTHING = Facts()


def of_company(company: Company, facts: Facts = NOTHING) -> Grading:
    return grading(SIZED, "B", facts, company, since=date(2020, 1, 1), today=TODAY)


def test_a_company_that_pays_well_has_the_best_grade_that_its_size_and_age_allow() -> None:
    pays = Facts(settled=9)
    large = Company(employees=500, annual_revenue=Money(10**8, "EUR"), founded=2016)

    assert of_company(large, pays) == Grading("A", [])
    younger = of_company(replace(large, founded=2017), pays)
    assert (younger.grade, missed(younger, "A")) == ("B", {"credit_few_years": 9})
    poorer = of_company(replace(large, annual_revenue=Money(10**9 - 1, "CNY")), pays)
    assert missed(poorer, "A") == {"credit_small_revenue": "9999999.99 CNY"}
    other = of_company(replace(large, annual_revenue=Money(10**9, "USD")), pays)
    assert other.grade == "B"


def test_a_large_company_that_pays_late_falls_all_the_same() -> None:
    large = Company(employees=10**5, annual_revenue=Money(10**12, "CNY"), founded=1900)

    assert of_company(large, Facts(settled=1, settled_late=1, days_late=40)).grade == "D"


def test_a_new_customer_begins_at_the_default_grade_or_where_its_size_puts_it() -> None:
    small, unknown = of_company(Company(employees=1)), of_company(UNKNOWN)

    assert of_company(Company(employees=10**5, founded=1900)).grade == "B"
    assert (small.grade, unknown.grade) == ("C", "C")
    assert [each["code"] for each in small.reasons] == ["credit_new_customer", "credit_few_employees"]
    assert missed(unknown, "B") == {"credit_new_customer": None, "credit_few_employees": "?"}


def missed(found: Grading, grade: str) -> dict[str, Any]:
    """Return what was found for each bound of a grade that was not kept."""
    of_grade = [each for each in found.reasons if each["values"]["grade"] == grade]
    return {each["code"]: each["values"].get("found") for each in of_grade}


def test_who_has_paid_nothing_yet_and_is_not_late_is_graded_as_every_new_customer() -> None:
    found = graded(Facts(open={"CNY": 100}))

    assert found.grade == "B"
    assert [each["code"] for each in found.reasons] == ["credit_new_customer"]


def test_who_keeps_every_bound_has_the_best_grade_and_nothing_to_explain() -> None:
    assert graded(Facts(settled=6, days_late=18)) == Grading("A", [])


def test_every_bound_that_is_not_kept_is_told_with_what_was_found() -> None:
    facts = Facts(settled=5, settled_late=5, days_late=60, open={"CNY": 800}, overdue={"CNY": 100})

    found = graded(facts, months=3)

    assert found.grade == "C"
    assert missed(found, "A") == {
        "credit_days_late": 12, "credit_overdue_share": "12.5", "credit_few_instalments": 5,
        "credit_few_months": 3,
    }  # fmt: skip
    assert missed(found, "B") == {"credit_days_late": 12, "credit_overdue_share": "12.5"}
    assert missed(found, "C") == {}


def test_a_bound_is_kept_when_it_is_just_reached_and_missed_by_a_day_or_a_cent_more() -> None:
    assert graded(Facts(settled=3, days_late=30)).grade == "B"
    assert graded(Facts(settled=3, days_late=31)).grade == "C"
    assert graded(Facts(settled=3, open={"CNY": 10**12}, overdue={"CNY": 10**11})).grade == "B"
    assert graded(Facts(settled=3, open={"CNY": 10**12}, overdue={"CNY": 10**11 + 1})).grade == "C"


def test_the_worst_currency_counts() -> None:
    facts = Facts(settled=3, open={"CNY": 1_000_000, "EUR": 10}, overdue={"EUR": 6})

    assert graded(facts).grade == "D"


def test_who_never_pays_falls_day_by_day() -> None:
    """An instalment of four is overdue since yesterday, a fortnight, two months."""
    fallen = [
        graded(
            Facts(settled=3, overdue_count=1, overdue_since=(TODAY - timedelta(days)).toordinal(),
                  open={"CNY": 100}, overdue={"CNY": 10})
        ).grade
        for days in (1, 44, 150)
    ]  # fmt: skip

    assert fallen == ["B", "C", "D"]


def test_whole_months_are_counted() -> None:
    assert months_between(date(2025, 1, 31), date(2025, 2, 28)) == 0
    assert months_between(date(2025, 1, 15), date(2026, 1, 15)) == 12
    assert months_between(date(2026, 1, 15), date(2025, 1, 15)) == 0


COUNTS = st.integers(0, 40)


@given(
    COUNTS, COUNTS, st.integers(0, 2_000), st.integers(0, 1_000), st.integers(0, 1_000), st.integers(0, 36)
)
def test_paying_later_never_earns_a_better_grade(
    settled: int, worse: int, days_late: int, overdue: int, rest: int, months: int
) -> None:
    def grade(late: int, over: int) -> int:
        facts = Facts(
            settled=settled,
            days_late=late,
            open={"CNY": overdue + rest + 1},
            overdue={"CNY": over} if over else {},
        )
        return GRADES.index(graded(facts, months=months).grade)

    assert grade(days_late, overdue) <= grade(days_late + worse, overdue + 1)


def test_until_a_policy_is_set_customers_are_graded_and_every_reason_has_its_words(tables: None) -> None:
    usual = policy()
    facts = Facts(settled=1, days_late=90, open={"CNY": 2}, overdue={"CNY": 2})

    found = grading(usual.grades, usual.default_grade, facts, UNKNOWN, since=TODAY, today=TODAY)

    assert [each.grade for each in usual.grades] == list(GRADES)
    assert not any(each.limits or each.cash_only for each in usual.grades)
    assert found.grade == "D"
    for reason in (*found.reasons, *of_company(UNKNOWN, Facts(settled=9)).reasons):
        for language in i18n.LANGUAGES:
            words = i18n.text(f"error.{reason['code']}", language, **reason["values"])
            assert str(reason["values"]["found"]) in words
