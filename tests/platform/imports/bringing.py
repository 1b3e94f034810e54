"""Bringing a file in by the API, to its end."""

from typing import Any

from chalicelib.core import files
from chalicelib.core.settings import settings
from tests.client import OPERATIONS, Client
from tests.streams import WireStream


def make_bucket() -> None:
    """Make the installation's bucket for files, where the tables are."""
    files.forget()
    files._client().create_bucket(Bucket=settings().files)


def bring_in(client: Client, target: str, content: bytes, mapping: dict[str, Any]) -> dict[str, Any]:
    """Import a file; return the job as it stands at the end."""
    body = {"target": target, "file_name": f"{target}.csv", "size": len(content), "mapping": mapping}
    begun = client.post("/imports", body, by=OPERATIONS)
    assert begun.status == 201, begun.text
    job = begun.json["job"]
    files.write(f"imports/{job['id']}/file.csv", content, media="text/csv")
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
    WireStream(keeps=False).drain(rounds=2000)
    done: dict[str, Any] = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert done["status"] == "DONE", done
    return done
