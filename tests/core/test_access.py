"""Who may do what: by role and scope, then by record."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.access import SEES_ALL, Principal, Role, may, reaches, require, require_reach

AREAS = ("leads", "orders", "contracts", "people", "products")
VERBS = ("read", "write", "approve", "configure", "admin")

#: What each role may do, area by area, written down a second time.
GRANTED = {
    Role.ADMIN: {f"{area}:{verb}" for area in AREAS for verb in VERBS},
    Role.OPERATIONS: {f"{area}:{verb}" for area in AREAS for verb in VERBS if verb != "admin"},
    Role.MANAGER: {f"{area}:{verb}" for area in AREAS for verb in ("read", "write", "approve")},
    Role.REP: {f"{area}:{verb}" for area in AREAS for verb in ("read", "write")},
    Role.FINANCE: {f"{area}:read" for area in AREAS} | {"orders:write", "orders:approve", "contracts:write"},
    Role.READ_ONLY: {f"{area}:read" for area in AREAS},
    Role.INTEGRATION: set[str](),
}


@dataclass
class Record:
    """A record that people own."""

    owner_id: str | None = None
    team_id: str | None = None
    shared_with: dict[str, str] | None = field(default_factory=dict)
    member_ids: list[str] | None = None


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_is_written_and_nothing_else(role: Role) -> None:
    who = Principal("user_a", role)

    assert {f"{area}:{verb}" for area in AREAS for verb in VERBS if may(who, f"{area}:{verb}")} == GRANTED[
        role
    ]


@pytest.mark.parametrize(
    ("scope", "granted", "refused"),
    [
        ("leads:write", "leads:write", "leads:read"),
        ("*:read", "orders:read", "orders:write"),
        ("leads:*", "leads:approve", "orders:read"),
    ],
)
def test_a_key_may_do_what_its_scopes_name(scope: str, granted: str, refused: str) -> None:
    who = Principal("api_key_a", Role.INTEGRATION, scopes=frozenset({scope}))

    require(who, granted)
    with pytest.raises(errors.Forbidden):
        require(who, refused)


REP = Principal("user_rep", Role.REP, teams=frozenset({"team_north", "team_china"}))
BOSS = Principal("user_boss", Role.MANAGER, managed_teams=frozenset({"team_north", "team_harbin"}))


@pytest.mark.parametrize(
    ("record", "reads", "writes"),
    [
        (Record(owner_id="user_rep"), True, True),
        (Record(owner_id="user_other", team_id="team_north"), False, False),
        (Record(shared_with={"user_rep": "read"}), True, False),
        (Record(shared_with={"user_rep": "write"}), True, True),
        (Record(shared_with={"team_china": "read"}), True, False),
        (Record(shared_with={"team_north": "write"}), True, True),
        (Record(shared_with={"user_rep": "read", "team_north": "write"}), True, True),
        (Record(shared_with={"user_other": "write", "team_south": "write"}), False, False),
        (Record(member_ids=["user_rep"]), True, True),
        (Record(shared_with=None, member_ids=None), False, False),
    ],
)
def test_a_rep_reaches_own_and_shared_records(record: Record, reads: bool, writes: bool) -> None:
    assert (reaches(REP, record), reaches(REP, record, to_write=True)) == (reads, writes)


@pytest.mark.parametrize(
    ("team_id", "reached"),
    [("team_north", True), ("team_harbin", True), ("team_china", False), (None, False)],
)
def test_a_manager_reaches_the_teams_managed_and_all_below(team_id: str | None, reached: bool) -> None:
    assert reaches(BOSS, Record("user_rep", team_id), to_write=True) == reached


def test_not_yours_and_not_there_look_alike_but_a_reader_is_told_no() -> None:
    with pytest.raises(errors.NotFound):
        require_reach(REP, Record(owner_id="user_other"), to_write=True)
    with pytest.raises(errors.Forbidden):
        require_reach(REP, Record(shared_with={"user_rep": "read"}), to_write=True)
    require_reach(REP, Record(shared_with={"user_rep": "read"}))


ids = st.sampled_from(["user_a", "user_b", "team_a", "team_b", "team_c"])
records = st.builds(
    Record,
    owner_id=ids,
    team_id=st.none() | ids,
    shared_with=st.none() | st.dictionaries(ids, st.sampled_from(["read", "write"]), max_size=3),
    member_ids=st.none() | st.lists(ids, max_size=3),
)
principals = st.builds(
    Principal,
    id=ids,
    role=st.sampled_from(Role),
    teams=st.frozensets(ids, max_size=3),
    managed_teams=st.frozensets(ids, max_size=2),
)


@given(principals, records)
def test_who_may_change_a_record_may_read_it(who: Principal, record: Record) -> None:
    assert reaches(who, record) or not reaches(who, record, to_write=True)


@given(principals, records)
def test_nobody_reaches_a_record_without_one_of_the_reasons(who: Principal, record: Record) -> None:
    reasons = {
        who.role in SEES_ALL,
        record.owner_id == who.id,
        record.team_id in who.managed_teams,
        who.id in (record.member_ids or []),
        not (record.shared_with or {}).keys().isdisjoint({who.id, *who.teams}),
    }

    assert reaches(who, record) == (True in reasons)


def test_no_scope_grants_administration() -> None:
    key = Principal("api_key_1", Role.INTEGRATION, scopes=frozenset({"people:*", "*:*", "people:admin"}))

    assert may(key, "people:configure")
    assert not may(key, "people:admin")
