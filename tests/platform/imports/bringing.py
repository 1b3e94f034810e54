"""Bringing a file in by the API, to its end."""

import csv
import io
from typing import Any, Final

from chalicelib.core import files
from chalicelib.core.settings import settings
from tests.client import OPERATIONS, Client
from tests.streams import WireStream

PRODUCTS: Final = "产品,系列,价格\nGTX Pro 专业版,GTX,4821\nMG Special,MG,55.5\nBroken,MG,five\n"
MAPPING: Final = {
    "columns": {"产品": "name", "系列": "family", "价格": "price"},
    "replace": {"family": {"MG": "Magnum"}},
    "constants": {"currency": "USD"},
}


def make_bucket() -> None:
    """Make the installation's bucket for files, where the tables are."""
    files.forget()
    files._client().create_bucket(Bucket=settings().files)


def begin(client: Client, content: bytes, **fields: Any) -> dict[str, Any]:
    """Begin an import, of products unless told, and put its file in place."""
    body = {"target": "products", "file_name": "产品.csv", "size": len(content), "mapping": MAPPING, **fields}
    begun = client.post("/imports", body, by=OPERATIONS)
    assert begun.status == 201, begun.text
    job: dict[str, Any] = begun.json["job"]
    files.write(f"imports/{job['id']}/file.csv", content, media="text/csv")
    return job


def report(job_id: str, ended: str = "done") -> list[dict[str, str]]:
    """Return the lines of the report of an import that has ended so."""
    text = files.read(f"imports/{job_id}/report-{ended}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def bring_in(client: Client, target: str, content: bytes, mapping: dict[str, Any]) -> dict[str, Any]:
    """Import a file; return the job as it stands at the end."""
    job = begin(client, content, target=target, mapping=mapping)
    client.post(f"/imports/{job['id']}/start", by=OPERATIONS)
    WireStream(keeps=False).drain(rounds=2000)
    done: dict[str, Any] = client.get(f"/imports/{job['id']}", by=OPERATIONS).json
    assert done["status"] == "DONE", done
    return done
