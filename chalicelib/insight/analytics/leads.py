"""Leads 线索 by the month they came in: how many were answered, how fast, and what became of them."""

from dataclasses import dataclass

from chalicelib.core.access import Principal
from chalicelib.insight.analytics.figures import Mean, Share
from chalicelib.insight.analytics.tables import Asked, Line, Table, table


@dataclass(frozen=True, slots=True)
class LeadLine(Line):
    """What became of the leads that came in."""

    @property
    def created(self) -> int:
        """Leads that came in."""
        return self.number("created")

    @property
    def contacted(self) -> int:
        """Those that had a first contact."""
        return self.number("contacted")

    @property
    def qualified(self) -> int:
        """Those found worth working on, converted ones included."""
        return self.number("qualified")

    @property
    def unqualified(self) -> int:
        """Those given up, with a reason."""
        return self.number("unqualified")

    @property
    def converted(self) -> int:
        """Those that became an account, a contact and a deal."""
        return self.number("converted")

    @property
    def conversion(self) -> Share:
        """Converted of all that came in."""
        return Share(self.converted, self.created)

    @property
    def in_time(self) -> int:
        """First contacts made before they were due."""
        return self.number("in_time")

    @property
    def late(self) -> int:
        """First contacts made after they were due."""
        return self.number("late")

    @property
    def breached(self) -> int:
        """Leads whose first contact fell due without one, whether it came late or not at all."""
        return self.number("breached")

    @property
    def attainment(self) -> Share:
        """Contacted in time, of those that were or had to be contacted by now."""
        return Share(self.in_time, self.in_time + self.breached)

    @property
    def response(self) -> Mean:
        """Minutes from coming in to the first contact."""
        return Mean(self.number("response_minutes"), self.contacted)


def leads(asked: Asked, *, who: Principal) -> Table[LeadLine]:
    """Return leads by source, campaign, owner, team, form, rating or region. One Query."""
    return table("leads", asked, who=who, line=LeadLine, largest="created", money=False)
