"""Whose part of the market a place is."""

from collections.abc import Sequence

import pytest

from chalicelib.organisation.people.models import Territory
from chalicelib.organisation.people.territories import covering


def _drawn(
    code: str,
    *,
    countries: Sequence[str] = (),
    regions: Sequence[str] = (),
    cities: Sequence[str] = (),
) -> Territory:
    return Territory(code=code, countries=[*countries], regions=[*regions], cities=[*cities])


MARKET = [
    _drawn("CN", countries=["CN"]),
    _drawn("EAST", countries=["CN"], regions=["Jiangsu", "浙江"]),
    _drawn("SH", countries=["CN"], cities=["Shanghai", "上海"]),
    _drawn("DACH", countries=["DE", "AT", "CH"]),
    _drawn("BAY", countries=["DE"], regions=["Bayern"]),
]


@pytest.mark.parametrize(
    ("country", "region", "city", "code"),
    [
        ("CN", "Jiangsu", "Shanghai", "SH"),
        ("CN", "浙江", "杭州", "EAST"),
        ("CN", "Sichuan", "Chengdu", "CN"),
        ("cn", "JIANGSU", None, "EAST"),
        (None, None, "上海", "SH"),
        ("DE", "Bayern", "München", "BAY"),
        ("AT", "Bayern", None, "DACH"),
        ("FR", None, "Shanghai", None),
        (None, None, None, None),
    ],
)
def test_a_place_belongs_where_its_borders_fit_closest(
    country: str | None, region: str | None, city: str | None, code: str | None
) -> None:
    found = covering(MARKET, country=country, region=region, city=city)

    assert (found.code if found else None) == code


def test_of_two_territories_alike_the_first_code_wins_in_whatever_order() -> None:
    two = [_drawn("B", countries=["CN"]), _drawn("A", countries=["CN"])]

    assert [covering(order, country="CN", region=None, city=None) for order in (two, two[::-1])] == [
        two[1]
    ] * 2
