"""Tables: made from the models, so that a key or an index is written down once."""

from typing import Any

from chalicelib import house
from chalicelib.core import changelog, guards, quarantine
from chalicelib.core.settings import table_name
from chalicelib.core.table import Table, client

#: Tables of the walls: nothing listens to them, so that nothing feeds itself.
QUIET: tuple[type[Table], ...] = (guards.Guard, changelog.Entry, quarantine.Parked)

#: Tables whose rows go by themselves, and the attribute that says when.
EXPIRING: dict[str, str] = {guards.Guard.Meta.table_name: "expires"}


def table_properties() -> dict[str, dict[str, Any]]:
    """Return each table's CreateTable properties by name; those with a stream carry StreamSpecification."""
    tables = {name: _of_models(name, models) for name, models in house.tables().items()}
    for properties in tables.values():
        properties["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    for model in QUIET:
        tables[model.Meta.table_name] = _of_models(model.Meta.table_name, [model])
    return tables | {name: {"TableName": name, **properties} for name, properties in _RAW.items()}


def logical_table_id(name: str) -> str:
    """Return what the template calls a table: ``salestream-prod-leads`` is ``LeadsTable``."""
    return "".join(word.capitalize() for word in name.split("-", 2)[2].split("_")) + "Table"


def _of_models(name: str, models: list[type[Table]]) -> dict[str, Any]:
    attributes: dict[str, str] = {}
    indexes: dict[str, dict[str, Any]] = {}
    for model in models:
        schema = model._get_schema()
        attributes |= {a["AttributeName"]: a["AttributeType"] for a in schema["attribute_definitions"]}
        for found in schema["global_secondary_indexes"]:
            described = {
                "IndexName": found["index_name"],
                "KeySchema": found["key_schema"],
                "Projection": found["projection"],
            }
            if indexes.setdefault(found["index_name"], described) != described:
                raise ValueError(f"{name}.{found['index_name']} is declared twice, differently")
    properties: dict[str, Any] = {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in attributes.items()],
        "KeySchema": schema["key_schema"],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        properties["GlobalSecondaryIndexes"] = list(indexes.values())
    return properties


def _key(name: str, kind: str = "HASH") -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


def _attribute(name: str, attribute_type: str = "S") -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": attribute_type}


#: The two tables that are written in one low-level transaction (`core.aggregates`).
_RAW: dict[str, dict[str, Any]] = {
    table_name("ledger"): {
        "AttributeDefinitions": [_attribute("id")],
        "KeySchema": [_key("id")],
        "BillingMode": "PAY_PER_REQUEST",
    },
    table_name("aggregates"): {
        "AttributeDefinitions": [
            _attribute("board"),
            _attribute("row"),
            _attribute("rank_board"),
            _attribute("rank_value", "N"),
        ],
        "KeySchema": [_key("board"), _key("row", "RANGE")],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_rank",
                "KeySchema": [_key("rank_board"), _key("rank_value", "RANGE")],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
    },
}


def create_tables() -> None:
    """Create every table where the environment points (tests; the sandbox uses the template)."""
    for properties in table_properties().values():
        if "StreamSpecification" in properties:
            properties["StreamSpecification"]["StreamEnabled"] = True
        client().create_table(**properties)
