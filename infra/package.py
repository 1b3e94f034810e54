"""Packages the app for a stage: Chalice's own packager, our merge template, one dependency layer.

`python -m infra.package --stage prod` leaves template and zips in build/prod/package;
`--check` packages like production and holds the result against cfn-lint.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra import dependencies, safety
from infra.stages import LOCAL, ROOT, Stage, UnknownStage, config, functions, logical_id, stage

#: The stage that `--check` packages when none is named: one like all that run in AWS.
LIKE_PRODUCTION: Final = "prod"
#: The bytes that IAM takes of all policies written into one role (blanks not counted).
ROLE_POLICY_BYTES: Final = 10_240


class BadPackage(Exception):
    """The packaged template is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Package:
    """A template, and the zips that it names by their path."""

    stage: Stage
    template: dict[str, Any]
    artifacts: dict[str, Path]


def package(for_stage: Stage) -> Package:
    """Package the app for a stage and check what came out. BadPackage when something is missing."""
    project, made = for_stage.folder / "project", for_stage.folder / "package"
    architecture = dependencies.processor(for_stage, config()["lambda_architecture"])
    layer = dependencies.layer(architecture=architecture, local=for_stage.local)
    _copy_sources(project)
    merge = for_stage.folder / "merge.json"
    _run(for_stage, [sys.executable, "-m", "infra.template", "--stage", for_stage.name, "--project",
                     str(project), "--merge", str(merge)], cwd=ROOT)  # fmt: skip
    chalice = str(Path(sys.executable).with_name("chalice"))
    _run(for_stage, [chalice, "--project-dir", str(project), "package", "--stage", for_stage.name,
                     "--template-format", "json", "--merge-template", str(merge), str(made)],
         cwd=project)  # fmt: skip
    shutil.copyfile(layer, made / "dependencies.zip")
    template = _finished(json.loads((made / "sam.json").read_text("utf-8")), architecture)
    (made / "sam.json").write_text(json.dumps(template, indent=1, ensure_ascii=False), "utf-8")
    check(template)
    if not for_stage.local and (wrong := safety.broken(template)):
        raise BadPackage("\n".join(wrong))
    artifacts = {f"./{path.name}": path for path in made.glob("*.zip")}
    return Package(for_stage, template, artifacts)


def _copy_sources(project: Path) -> None:
    # Without requirements.txt: Chalice would put the dependencies into every function's zip.
    kept = project / ".chalice" / "deployments"
    kept.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(project / "chalicelib", ignore_errors=True)
    shutil.copytree(ROOT / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "app.py", project / "app.py")


def _run(for_stage: Stage, command: list[str], *, cwd: Path) -> None:
    environment = os.environ | {
        "SALESTREAM_STAGE": for_stage.name,
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadPackage(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _finished(template: dict[str, Any], architecture: str) -> dict[str, Any]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # Chalice knows one architecture for all stages; the local one is this machine's.
            resource["Properties"]["Architectures"] = [architecture]
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"] |= {
                "CompatibleRuntimes": [dependencies.runtime()],
                "CompatibleArchitectures": [architecture],
            }
    return template


def check(template: dict[str, Any]) -> None:
    """Raise BadPackage when Chalice's part and ours do not meet: a name misspelt, a limit passed."""
    resources = template["Resources"]
    if untyped := [name for name, each in resources.items() if "Type" not in each]:
        raise BadPackage(f"merged into resources that Chalice did not make: {untyped}")
    made = {name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}
    asked = {logical_id(name) for name in functions()}
    if made != asked:
        raise BadPackage(f"functions in app.py and in .chalice/config.json differ: {sorted(made ^ asked)}")
    placeholders = [name for name, each in resources.items() if "placeholder" in json.dumps(each)]
    if placeholders:
        raise BadPackage(f"a placeholder stream is left in {placeholders}")
    for name, each in resources.items():
        if each["Type"] == "AWS::IAM::Role" and (size := _policy_bytes(each)) > ROLE_POLICY_BYTES:
            raise BadPackage(f"the policy of {name} has about {size} bytes, IAM takes {ROLE_POLICY_BYTES}")


def _policy_bytes(role: dict[str, Any]) -> int:
    return sum(_resolved_bytes(policy["PolicyDocument"]) for policy in role["Properties"].get("Policies", []))


def _resolved_bytes(document: Any) -> int:
    # Each reference becomes a table's or a stream's name of about this length.
    arn = "arn:aws:dynamodb:ap-southeast-1:000000000000:table/salestream-staging-opportunities"
    if isinstance(document, dict):
        if "Fn::GetAtt" in document:
            return len(arn) + (32 if document["Fn::GetAtt"][1] == "StreamArn" else 0)
        if "Fn::Sub" in document:
            return len(arn) + len(document["Fn::Sub"].partition(".Arn}")[2])
        return sum(len(key) + 4 + _resolved_bytes(value) for key, value in document.items())
    if isinstance(document, list):
        return sum(_resolved_bytes(each) + 3 for each in document)
    return len(str(document)) + 2


def lint(found: Package) -> None:
    """Hold a packaged template against cfn-lint. BadPackage with everything it says."""
    lint_command = str(Path(sys.executable).with_name("cfn-lint"))
    template = str(found.stage.folder / "package" / "sam.json")
    done = subprocess.run([lint_command, template], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadPackage(done.stdout + done.stderr)


def main() -> None:
    """Package for the stage asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stage", help="one of .chalice/config.json")
    asked.add_argument("--check", action="store_true", help="hold the template against cfn-lint")
    given = asked.parse_args()
    try:
        found = package(stage(given.stage or (LIKE_PRODUCTION if given.check else LOCAL)))
        if given.check:
            lint(found)
    except (BadPackage, UnknownStage) as wrong:
        raise SystemExit(f"package: {wrong}") from wrong
    size = sum(path.stat().st_size for path in found.artifacts.values()) / 1e6
    count = len(found.template["Resources"])
    print(f"package: {found.stage.folder / 'package'} ({count} resources, {size:.1f} MB)")


if __name__ == "__main__":
    main()
