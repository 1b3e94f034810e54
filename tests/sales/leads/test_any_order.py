"""Whatever order enquiries come in, and however often, they end in the same leads."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.sales.leads.models import Lead, Touch
from tests.memory import fresh_tables
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import all_of, taken

#: People who each have one e-mail, of whom some share a phone (a switchboard).
PEOPLE = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([None, "+8613800138000", "+8613800138001"])),
    min_size=1,
    max_size=8,
    unique_by=lambda person: person[0],
)


@given(people=PEOPLE, data=st.data())
@settings(max_examples=15)
def test_any_order_of_the_same_enquiries_ends_in_the_same_number_of_leads(people: Any, data: Any) -> None:
    posts = data.draw(st.permutations([*people, *people[::2]]))
    with mock_aws():
        fresh_tables()
        hire_everybody()
        for number, (person, phone) in enumerate(posts):
            details = {"phone": phone} if phone else {}
            taken(str(number), email=f"p{person}@example.cn", name=f"Person {person}", **details)

        leads = all_of(Lead)
        assert Counter(lead.email for lead in leads) == Counter({f"p{p}@example.cn": 1 for p, _ in people})
        assert sum(lead.touches for lead in leads) == len(posts) - len(leads) == len(all_of(Touch))
