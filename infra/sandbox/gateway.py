"""What MiniStack leaves out when it reads an API's definition, told to it call by call.

It takes routes, functions and authorizers; not what the gateway itself answers, nor the headers
of the answers to a browser's preflight.
"""

from typing import Any

from infra.package import Package
from infra.stack import Cloud


def complete(cloud: Cloud, api_id: str, package: Package) -> None:
    """Bring a deployed API in MiniStack to all that its definition says."""
    properties = package.template["Resources"]["RestAPI"]["Properties"]
    client = cloud.client("apigateway")
    for name, response in properties["GatewayResponses"].items():
        _set_refusal(client, api_id, name, response)
    resources = _resources(client, api_id)
    for path, methods in properties["DefinitionBody"]["paths"].items():
        if "options" in methods:
            _set_preflight(client, api_id, resources[path], methods["options"])
    deployment = client.create_deployment(restApiId=api_id)
    client.update_stage(
        restApiId=api_id,
        stageName=properties["StageName"],
        patchOperations=[{"op": "replace", "path": "/deploymentId", "value": deployment["id"]}],
    )


def _set_refusal(client: Any, api_id: str, name: str, response: dict[str, Any]) -> None:
    headers = response["ResponseParameters"]["Headers"]
    status = {"statusCode": response["StatusCode"]} if "StatusCode" in response else {}
    client.put_gateway_response(
        restApiId=api_id,
        responseType=name,
        responseParameters={f"gatewayresponse.header.{key}": value for key, value in headers.items()},
        responseTemplates=response["ResponseTemplates"],
        **status,
    )


def _resources(client: Any, api_id: str) -> dict[str, str]:
    pages = client.get_paginator("get_resources").paginate(
        restApiId=api_id, PaginationConfig={"PageSize": 500}
    )
    return {each["path"]: each["id"] for page in pages for each in page["items"]}


def _set_preflight(client: Any, api_id: str, resource_id: str, options: dict[str, Any]) -> None:
    answer = options["x-amazon-apigateway-integration"]["responses"]["default"]
    client.put_integration_response(
        restApiId=api_id,
        resourceId=resource_id,
        httpMethod="OPTIONS",
        statusCode=answer["statusCode"],
        responseParameters=answer["responseParameters"],
    )
