"""The app behind a real HTTP address, for a real browser: one request after the other, in process."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.client import Client

#: Deployed, every address stands below a stage.
STAGE = "/api"
#: What the gateway answers a browser that asks before it posts to another site.
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,If-Match,Idempotency-Key,Accept-Language",
}


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve a handler on a free port of this machine; yield its origin."""
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def app_handler(client: Client) -> type[BaseHTTPRequestHandler]:
    """Return a handler that gives every request to the app, as the gateway would."""

    class Gateway(_Quiet):
        def do_GET(self) -> None:
            self._pass_on("GET", b"")

        def do_POST(self) -> None:
            self._pass_on("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def do_OPTIONS(self) -> None:
            self.answer(204, PREFLIGHT, "")

        def _pass_on(self, method: str, raw: bytes) -> None:
            asked = urlsplit(self.path)
            try:
                reply = client.call(
                    method,
                    asked.path.removeprefix(STAGE),
                    headers=dict(self.headers.items()),
                    query=dict(parse_qsl(asked.query)),
                    raw=raw,
                )
            except LookupError:
                return self.answer(404, {}, "")
            return self.answer(reply.status, dict(reply.headers), reply.text)

    return Gateway


def site_handler(page: str) -> type[BaseHTTPRequestHandler]:
    """Return a handler of a company's own site: one page."""

    class Site(_Quiet):
        def do_GET(self) -> None:
            here = self.path.partition("?")[0] == "/"
            self.answer(
                200 if here else 404, {"Content-Type": "text/html; charset=utf-8"}, page if here else ""
            )

    return Site


class _Quiet(BaseHTTPRequestHandler):
    def answer(self, status: int, headers: dict[str, str], text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return None
