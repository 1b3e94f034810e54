"""Who is above whom, in any forest of teams, and in broken ones."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.organisation.people import hierarchy
from chalicelib.organisation.people.models import Team

HEAD, LEAD, REP = "user_head", "user_lead", "user_rep"


def _teams(*places: tuple[str, str | None, str | None]) -> dict[str, Team]:
    return {name: Team(id=name, parent_id=parent, manager_id=manager) for name, parent, manager in places}


COMPANY = _teams(
    ("sales", None, HEAD), ("china", "sales", None), ("north", "china", LEAD), ("south", "china", None)
)


@st.composite
def tangles(draw: st.DrawFn) -> dict[str, Team]:
    names = [f"team_{number}" for number in range(draw(st.integers(1, 8)))]
    parents = st.none() | st.sampled_from([*names, "team_gone"])
    managers = st.none() | st.sampled_from([HEAD, LEAD, REP])
    return _teams(*((name, draw(parents), draw(managers)) for name in names))


def test_who_manages_a_department_manages_all_teams_below() -> None:
    assert hierarchy.managed(HEAD, COMPANY) == {"sales", "china", "north", "south"}
    assert hierarchy.managed(LEAD, COMPANY) == {"north"}
    assert hierarchy.managed(REP, COMPANY) == frozenset()


def test_the_manager_of_a_member_is_the_next_one_upwards_who_is_somebody_else() -> None:
    everybody = {HEAD, LEAD, REP}

    assert hierarchy.manager(REP, "north", COMPANY, among=everybody) == LEAD
    assert hierarchy.manager(LEAD, "north", COMPANY, among=everybody) == HEAD
    assert hierarchy.manager(REP, "south", COMPANY, among=everybody) == HEAD
    assert hierarchy.manager(REP, "north", COMPANY, among={HEAD}) == HEAD
    assert hierarchy.manager(HEAD, "sales", COMPANY, among=everybody) is None
    assert hierarchy.manager(REP, None, COMPANY, among=everybody) is None


@given(tangles())
def test_no_tangle_of_teams_holds_anybody_up(teams: dict[str, Team]) -> None:
    for team_id in teams:
        path = hierarchy.upwards(team_id, teams)
        assert path[0] == team_id
        assert len(path) == len(set(path))
        assert all(team_id in hierarchy.below([above], teams) for above in path)


@given(tangles())
def test_managing_reaches_down_and_never_up(teams: dict[str, Team]) -> None:
    reached = hierarchy.managed(LEAD, teams)

    for team_id in teams:
        headed = {teams[each].manager_id for each in hierarchy.upwards(team_id, teams)}
        assert (team_id in reached) == (LEAD in headed)
