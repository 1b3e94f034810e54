"""The order of teams: who is above whom. Pure, over the few teams of a company."""

from collections.abc import Container, Iterable, Mapping

from chalicelib.organisation.people.models import Team

Teams = Mapping[str, Team]


def upwards(team_id: str | None, teams: Teams) -> list[str]:
    """Return a team and all above it, nearest first. A ring, should there be one, is walked once."""
    path: list[str] = []
    while team_id and team_id in teams and team_id not in path:
        path.append(team_id)
        team_id = teams[team_id].parent_id
    return path


def below(team_ids: Iterable[str], teams: Teams) -> frozenset[str]:
    """Return teams with all below them."""
    tops = set(team_ids)
    return frozenset(team_id for team_id in teams if not tops.isdisjoint(upwards(team_id, teams)))


def managed(user_id: str, teams: Teams) -> frozenset[str]:
    """Return the teams that somebody manages, with all below them."""
    return below((team.id for team in teams.values() if team.manager_id == user_id), teams)


def manager(user_id: str, team_id: str | None, teams: Teams, *, among: Container[str]) -> str | None:
    """Return who is above a member of a team: the first other manager upwards who is `among` them."""
    managers = (teams[each].manager_id for each in upwards(team_id, teams))
    return next((each for each in managers if each and each != user_id and each in among), None)
