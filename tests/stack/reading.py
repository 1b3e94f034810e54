"""Reading a packaged template."""

from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]
Resource = dict[str, Any]


def of_type(template: Template, kind: str) -> dict[str, Resource]:
    return {name: each for name, each in template["Resources"].items() if each["Type"] == kind}


def tables(template: dict[str, Any]) -> dict[str, Resource]:
    return {
        each["Properties"]["TableName"]: each for each in of_type(template, "AWS::DynamoDB::Table").values()
    }


def role(function: str) -> str:
    return "".join(word.capitalize() for word in function.split("_")) + "Role"


def statements(template: dict[str, Any], of_role: str) -> list[Resource]:
    properties = template["Resources"][of_role]["Properties"]
    managed = [template["Resources"][each["Ref"]] for each in properties.get("ManagedPolicyArns", [])]
    documents = [each["PolicyDocument"] for each in properties["Policies"]]
    documents += [each["Properties"]["PolicyDocument"] for each in managed]
    return [statement for document in documents for statement in document["Statement"]]


def every_statement(template: dict[str, Any]) -> Iterator[tuple[str, Resource]]:
    for name in of_type(template, "AWS::IAM::Role"):
        for statement in statements(template, name):
            yield name, statement
