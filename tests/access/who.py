"""Who may do what, written by hand from what the company wants: no line of it is read from the product.

A column is somebody in the demo company, in how they stand to Fang's records in team East. Every
record that can be shared is: with team International to read, with Emma to write.
"""

import re
from typing import Final

#: Who stands behind each column, by their key in the demo company.
PEOPLE: Final = {
    "ADM": "ada",
    "OPS": "olga",
    "FIN": "fang",
    "RDO": "ron",  # reads only; hired by the test
    "DIR": "li_na",  # heads the department above team East
    "MGR": "zhang_wei",  # heads team East
    "OWN": "wang_fang",  # whose records they are
    "COL": "liu_yang",  # sells in the same team
    "STR": "huang_qiang",  # sells in another team
    "OTM": "chen_jing",  # heads that other team
    "SHR": "james",  # sells in the team that may read
    "SHW": "emma",  # may write
    "SHM": "mark",  # heads the team that may read
}
#: A program with a key whose one scope is the route's.
KEY: Final = "KEY"

#: Answered: done, or refused for another reason than who asks.
YES: Final = "+"
#: 403 whatever the id is: the role may not.
NO: Final = "-"
#: 404, word for word as for an id that nothing has.
GONE: Final = "."
#: 403: they see it and may not do this with it.
SEEN: Final = "!"
#: Answered, without the record in it; `EITHER`: answered, with it or without.
WITHOUT: Final = "0"
EITHER: Final = "~"
#: Of a key: SEEN, unless it has the area's `approve`, or `configure`, as well.
ALSO: Final = {"a": "approve", "c": "configure"}

_TABLE: Final = """
                                     ADM OPS FIN RDO DIR MGR OWN COL STR OTM SHR SHW SHM KEY
  anybody                             +   +   +   +   +   +   +   +   +   +   +   +   +   +
  people only                         +   +   +   +   +   +   +   +   +   +   +   +   +   .
  who writes                          +   +   -   -   +   +   +   +   +   +   +   +   +   +
  who writes, finance too             +   +   +   -   +   +   +   +   +   +   +   +   +   +
  operations                          +   +   -   -   -   -   -   -   -   -   -   -   -   +
  operations and finance              +   +   +   -   -   -   -   -   -   -   -   -   -   +
  administrators                      +   -   -   -   -   -   -   -   -   -   -   -   -   -
  who approves, finance too           +   +   +   -   +   +   -   -   -   +   -   -   +   +
  who approves                        +   +   -   -   +   +   -   -   -   +   -   -   +   +
  knows costs                         +   +   +   -   +   +   -   -   -   +   -   -   +   +
  who sees all                        +   +   +   +   -   -   -   -   -   -   -   -   -   +
  who sees all or heads a team        +   +   +   +   +   +   -   -   -   +   -   -   +   +

  reads                               +   +   +   +   +   +   +   .   .   .   +   +   +   +
  changes                             +   +   -   -   +   +   +   .   .   .   !   +   !   +
  changes, finance too                +   +   +   -   +   +   +   .   .   .   !   +   !   +
  gives away                          +   +   -   -   +   +   +   .   .   .   !   !   !   a
  gives away, finance too             +   +   +   -   +   +   +   .   .   .   !   !   !   a
  gives away, finance not             +   +   !   -   +   +   +   .   .   .   !   !   !   a
  approves                            +   +   -   -   +   +   -   -   -   .   -   -   !   +
  approves, finance too               +   +   +   -   +   +   -   -   -   .   -   -   !   +

  reads, unshared                     +   +   +   +   +   +   +   .   .   .   .   .   .   +
  changes, unshared                   +   +   -   -   +   +   +   .   .   .   !   !   !   +
  changes, unshared, finance too      +   +   +   -   +   +   +   .   .   .   .   .   .   +
  gives away, unshared                +   +   -   -   +   +   +   .   .   .   !   !   !   a
  changes their own                   +   +   -   -   !   !   +   .   .   .   .   .   .   c
  copies                              +   +   -   -   +   +   +   .   .   .   +   +   +   +
  answers as owner                    !   !   -   -   !   !   +   .   .   .   !   !   !   !
  says who is away                    +   !   !   !   +   +   +   !   !   !   !   !   !   !
  reads, of their people              +   +   +   +   +   +   .   .   .   .   .   .   .   +
  approves, of their people           +   +   -   -   +   +   -   -   -   .   -   -   .   +

  lists what is theirs                +   +   +   +   ~   +   +   0   0   0   0   0   0   +
  lists what is of their people       +   +   +   +   ~   +   0   0   0   0   0   0   0   +
  lists their own                     0   0   0   0   0   0   +   0   0   0   0   0   0   0
  lists an owner's                    +   +   +   +   +   +   +   .   .   0   .   .   +   +
  lists a member's                    +   +   +   +   +   +   .   .   .   0   .   .   +   +
  lists an owner's, unshared          +   +   +   +   +   +   +   .   .   0   .   .   0   +
  lists a team's                      +   +   +   +   +   +   .   .   .   .   .   .   .   +
  lists a month's                     +   +   +   +   .   .   .   .   .   .   .   .   .   +
  reads a team's figures              +   +   +   +   +   +   -   -   -   .   -   -   .   +

  reads in their pool                 +   +   +   +   +   +   +   +   .   .   .   .   .   +
  changes in their pool               +   +   -   -   +   +   !   !   .   .   .   .   .   +
  hands out of their pool             +   +   -   -   +   +   !   !   .   .   .   .   .   a
  claims from their pool              .   .   -   -   +   +   +   +   .   .   .   .   .   .
"""


def _patterns() -> dict[str, dict[str, str]]:
    lines = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in _TABLE.splitlines() if line.strip()]
    columns = " ".join(lines.pop(0)).split()
    return {name: dict(zip(columns, cells.split(), strict=True)) for name, cells in lines}


#: What each column gets, by pattern.
WHO: Final = _patterns()
