"""The dependency layer: what `requirements.txt` pins, for the machine that will run it.

Made by us and not by Chalice: pip's hashes are checked, wheels are taken for the stage's
processor, botocore keeps only the services that are called (each cold start unpacks and lists
them all), and modules come compiled, because Lambda's disk is read-only.
"""

import compileall
import hashlib
import platform
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from infra.stages import BUILD, ROOT, Stage

#: The AWS services the functions call: what botocore keeps of its descriptions.
SERVICES: Final = ("dynamodb", "s3", "sesv2", "sqs", "ssm")
#: Lambda's processors by what Python calls this machine's.
PROCESSORS: Final = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
_WHEELS: Final = {"x86_64": "x86_64-manylinux2014", "arm64": "aarch64-manylinux2014"}
_REQUIREMENTS: Final = ROOT / "requirements.txt"
_LONG_AGO: Final = (2020, 1, 1, 0, 0, 0)


def runtime() -> str:
    """Return the Lambda runtime: Chalice takes the Python that packages."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def processor(stage: Stage, configured: str) -> str:
    """Return the processor a stage runs on: this machine's, or the configured one in AWS."""
    return PROCESSORS[platform.machine().lower()] if stage.local else configured


def layer(*, architecture: str, local: bool) -> Path:
    """Return the layer's zip, made once for each lock, Python and machine."""
    machine = "this-machine" if local else architecture
    recipe = [_REQUIREMENTS.read_text("utf-8"), Path(__file__).read_text("utf-8"), runtime(), machine]
    digest = hashlib.sha256("\x1f".join(recipe).encode()).hexdigest()[:16]
    made = BUILD / "layers" / f"{machine}-{runtime()}-{digest}.zip"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as work:
            top = Path(work) / "python"
            _install(top, architecture=None if local else architecture)
            _trim(top)
            compileall.compile_dir(
                top, quiet=2, stripdir=work, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )
            _zip(top, Path(work) / "layer.zip")
            (Path(work) / "layer.zip").replace(made)
    return made


def _install(target: Path, *, architecture: str | None) -> None:
    version = runtime().removeprefix("python")
    foreign = ["--python-platform", _WHEELS[architecture]] if architecture else []
    subprocess.run(
        [
            sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--require-hashes",
            "--no-deps", "--only-binary", ":all:", "--python-version", version, *foreign,
            "--target", str(target), "--requirement", str(_REQUIREMENTS),
        ],
        check=True,
    )  # fmt: skip


def _trim(top: Path) -> None:
    for described in (top / "botocore" / "data").iterdir():
        if described.is_dir() and described.name not in SERVICES:
            shutil.rmtree(described)
    shutil.rmtree(top / "bin", ignore_errors=True)


def _zip(top: Path, made: Path) -> None:
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(top.rglob("*")):
            if path.is_file() and path.suffix != ".pyi":
                entry = zipfile.ZipInfo(path.relative_to(top.parent).as_posix(), _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
                zipped.writestr(entry, path.read_bytes())
