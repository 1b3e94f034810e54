"""Who may do what: one least-privilege policy for each function, made from one table.

`.chalice/` takes one file for each function and stage (`write`); nothing in them is a wildcard,
except where AWS knows no resource to name, and that is said beside it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from infra import files, mailbox
from infra.stages import Stage, config, functions
from infra.tables import logical_table_id

Statement = dict[str, Any]
Tables = Mapping[str, Mapping[str, Any]]

READ: Final = ("GetItem", "BatchGetItem", "Query")
#: A transaction needs the permission of each of its writes, and no further one.
WRITE: Final = ("ConditionCheckItem", "PutItem", "UpdateItem")
DELETE: Final = ("DeleteItem",)
SCAN: Final = ("Scan",)

#: What a function does to tables. `domains` are all tables that domains own.
TABLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "api_handler": {
        "domains": READ + WRITE,
        "guards": READ + WRITE + DELETE,
        "aggregates": READ,
        "changes": READ,
        # Another system's post in which nobody is found is kept there.
        "quarantine": (*READ, "PutItem"),
    },
    "authorizer": {
        "people": READ,
        # The first login is bound to its user.
        "guards": (*READ, "PutItem"),
    },
    "table_changes": {
        "domains": READ + WRITE,
        "guards": READ + WRITE + DELETE,
        "aggregates": (*READ, "UpdateItem"),
        "ledger": (*READ, "PutItem", "UpdateItem", "DeleteItem"),
        "changes": (*READ, "BatchWriteItem"),
        "quarantine": ("PutItem",),
    },
    # What a mail becomes: a lead or a touch, an interaction, a task; whose it is asks people and accounts.
    mailbox.READER: {
        "leads": READ + WRITE,
        "activities": READ + WRITE,
        "accounts": READ,
        "people": READ,
        "guards": READ + WRITE + DELETE,
        "quarantine": ("PutItem",),
    },
    "every_minute": {
        "domains": READ + WRITE,
        "guards": READ + WRITE + DELETE,
        "aggregates": READ,
        "changes": READ,
        "quarantine": ("PutItem",),
    },
    "nightly": {
        "domains": READ + WRITE + SCAN,
        "guards": READ + WRITE + DELETE,
        "aggregates": (*READ, *SCAN, "UpdateItem"),
        "ledger": (*READ, *SCAN, "PutItem", "UpdateItem", "DeleteItem"),
        "changes": READ,
        "quarantine": ("PutItem",),
    },
}

#: Indexes in one managed policy: IAM takes 6,144 bytes of it, and a name has about 110.
MOST_INDEXES: Final = 50
#: Functions that send mail.
MAILERS: Final = ("api_handler", "table_changes", "every_minute", "nightly")
#: Functions that read and write files, and in which folders; the links they sign can do no more.
FILERS: Final[Mapping[str, tuple[str, ...]]] = {
    "api_handler": ("imports", "contracts", "quotes", "revenue"),
    "table_changes": ("imports", "contracts", "revenue"),
    "every_minute": ("imports", "quotes", "revenue"),
}
#: The function that the tables' streams and the failure queue belong to.
LISTENER: Final = "table_changes"
#: The functions that run by the clock; what they fail at is told to a queue.
SCHEDULED: Final = ("every_minute", "nightly")


def policy(function: str, stage: Stage, tables: Tables) -> dict[str, Any]:
    """Return the policy document of a function."""
    statements = [_logs(function, stage), _secret(stage), *_of_tables(function, tables)]
    if function in FILERS:
        statements.append(_allow(("s3:GetObject", "s3:PutObject"), files.objects(stage, *FILERS[function])))
    if function in MAILERS:
        statements.append(_mail(stage))
    if function == LISTENER:
        statements += [*_streams(tables), _failures("FailedChanges")]
    if function in SCHEDULED:
        statements.append(_failures("FailedRuns"))
    if function == mailbox.READER:
        statements += [_allow(("s3:GetObject",), mailbox.objects(stage)), _failures(mailbox.QUEUE)]
    if config().get("xray"):
        statements.append(_traces())
    return {"Version": "2012-10-17", "Statement": statements}


def write(folder: Path, stage: Stage, tables: Tables) -> dict[str, str]:
    """Write the policy files of a stage; return the file name of each function."""
    named = {name: f"policy-{stage.name}-{name}.json" for name in functions()}
    for name, file in named.items():
        (folder / file).write_text(json.dumps(policy(name, stage, tables), indent=2) + "\n", "utf-8")
    return named


def _allow(actions: Iterable[str], resources: Any) -> Statement:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": resources}


def _sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def _here(service: str, resource: str) -> dict[str, str]:
    return _sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")


def _logs(function: str, stage: Stage) -> Statement:
    # The group is named; its streams get their names from Lambda as they come.
    streams = f"log-group:/aws/lambda/{stage.stack}-{function}:log-stream:*"
    return _allow(("logs:CreateLogStream", "logs:PutLogEvents"), _here("logs", streams))


def _secret(stage: Stage) -> Statement:
    return _allow(("ssm:GetParameter",), _here("ssm", "parameter" + stage.secret_parameter))


def _of_tables(function: str, tables: Tables) -> list[Statement]:
    by_actions: dict[tuple[str, ...], list[str]] = {}
    for name, actions in _named(TABLES[function], tables).items():
        by_actions.setdefault(actions, []).append(name)
    statements = []
    for actions, names in by_actions.items():
        resources = [{"Fn::GetAtt": [logical_table_id(name), "Arn"]} for name in names]
        statements.append(_allow((f"dynamodb:{action}" for action in actions), resources))
        own = [name for name in names if not _is_shared(function, tables[name])]
        if indexes := [each for name in own for each in _indexes(name, tables[name])]:
            statements.append(_allow(("dynamodb:Query",), indexes))
    return statements


def is_of_the_business(function: str) -> bool:
    """Whether a function works with all tables of the domains, and carries the policies of `shared`."""
    return "domains" in TABLES[function]


def _is_shared(function: str, table: Mapping[str, Any]) -> bool:
    return is_of_the_business(function) and "StreamSpecification" in table


def shared(tables: Tables) -> dict[str, Any]:
    """Return the managed policies that let every function of the business query the domains' indexes.

    Named one by one they are too many for each role to carry on its own.
    """
    indexes = [
        each
        for name, table in tables.items()
        if "StreamSpecification" in table
        for each in _indexes(name, table)
    ]
    parts = [indexes[start : start + MOST_INDEXES] for start in range(0, len(indexes), MOST_INDEXES)]
    return {
        f"DomainIndexes{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "Description": "Query the indexes of the tables that domains own",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [_allow(("dynamodb:Query",), part)],
                },
            },
        }
        for number, part in enumerate(parts, 1)
    }


def _named(granted: Mapping[str, tuple[str, ...]], tables: Tables) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, table in tables.items():
        short = name.split("-", 2)[2]
        if short in granted:
            found[name] = granted[short]
        elif "domains" in granted and "StreamSpecification" in table:
            found[name] = granted["domains"]
    return found


def _indexes(name: str, table: Mapping[str, Any]) -> list[dict[str, str]]:
    indexes = table.get("GlobalSecondaryIndexes", [])
    return [_sub(f"${{{logical_table_id(name)}.Arn}}/index/{each['IndexName']}") for each in indexes]


def _streams(tables: Tables) -> list[Statement]:
    streamed = [logical_table_id(name) for name, table in tables.items() if "StreamSpecification" in table]
    reading = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
    return [
        _allow(reading, [{"Fn::GetAtt": [each, "StreamArn"]} for each in streamed]),
        # A listing has no stream to name yet, only its table.
        _allow(("dynamodb:ListStreams",), [_sub(f"${{{each}.Arn}}/stream/*") for each in streamed]),
    ]


def _failures(queue: str) -> Statement:
    return _allow(("sqs:SendMessage",), {"Fn::GetAtt": [queue, "Arn"]})


def _mail(stage: Stage) -> Statement:
    identities = (stage.sender, stage.sender.partition("@")[2])
    sending = ("ses:SendEmail", "ses:SendRawEmail")
    if stage.local:
        return _allow(sending, "*")  # MiniStack asks for no identity where SES asks for the sender's
    return _allow(sending, [_here("ses", f"identity/{each}") for each in identities])


def _traces() -> Statement:
    # X-Ray has no resource to name.
    return _allow(("xray:PutTelemetryRecords", "xray:PutTraceSegments"), "*")
