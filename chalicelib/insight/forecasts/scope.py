"""Whose forecast somebody asks for, and whether it is theirs to see."""

from dataclasses import dataclass
from typing import Final

from chalicelib.core import errors, ownership
from chalicelib.core.access import Principal
from chalicelib.insight.forecasts.runs import COMPANY, Teams
from chalicelib.insight.forecasts.standing import Standings
from chalicelib.organisation.people import service as people

#: The segment of an owner without a team: nothing is forecast for it.
NO_TEAM: Final = "-"


@dataclass(frozen=True, slots=True)
class Scope:
    """The company, a team with all below it, or an owner.

    `teams` are the teams summed (None for the company): an owner's are those of the owner's team.
    """

    teams: Teams
    team_id: str | None = None
    owner_id: str | None = None

    @property
    def segment(self) -> str:
        """The segment whose nightly figures apply."""
        return COMPANY if self.teams is None else self.team_id or NO_TEAM

    @property
    def dimension(self) -> str:
        """The dimension of the boards to read."""
        return "owner" if self.owner_id else "team"

    @property
    def members(self) -> frozenset[str] | None:
        """The members of that dimension; None for all."""
        return frozenset({self.owner_id}) if self.owner_id else self.teams

    def of(self, deals: Standings, currency: str) -> Standings:
        """Return those of the deals that are in it, in a currency."""
        members = self.members

        def has(owner_id: str, team_id: str | None) -> bool:
            return members is None or (owner_id if self.owner_id else team_id) in members

        return {
            deal_id: deal
            for deal_id, deal in deals.items()
            if deal.currency == currency and has(deal.owner_id, deal.team_id)
        }


def scope(who: Principal, *, team_id: str | None = None, owner_id: str | None = None) -> Scope:
    """Return whose forecast is asked for: a team's, an owner's, or the usual one.

    Usual is the company's for those who see all, a manager's first team, and a rep's own. Invalid
    when both are given; NotFound for what is out of reach.
    """
    owner_id, team_id = ownership.whose(who, owner_id=owner_id, team_id=team_id)
    if owner_id:
        return _of_owner(who, owner_id)
    return _of_team(team_id) if team_id else Scope(teams=None)


def _of_team(team_id: str) -> Scope:
    teams = people.teams_below(team_id)
    if not teams:
        raise errors.NotFound
    return Scope(teams=teams, team_id=team_id)


def _of_owner(who: Principal, owner_id: str) -> Scope:
    team_id = people.user(owner_id).team_id
    if not (who.sees_all or owner_id == who.id or team_id in who.managed_teams):
        raise errors.NotFound
    teams = people.teams_below(team_id) if team_id else frozenset[str]()
    return Scope(teams=teams, team_id=team_id, owner_id=owner_id)
