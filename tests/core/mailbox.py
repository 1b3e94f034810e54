"""A mail server in a test: takes mail by SMTP on this machine, or refuses it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    """What arrived: the recipients as the envelope has them, and the messages."""

    address: str = ""
    recipients: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    hangs_up: bool = False

    @property
    def port(self) -> str:
        """Where it is, as ``SALESTREAM_MAIL_PORT`` takes it."""
        return f"smtp://{self.address}"


class _Session(socketserver.StreamRequestHandler):
    mailbox: Mailbox

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("RCPT") and self.mailbox.refuses:
                self.say("550 no such person")
            elif verb.startswith("RCPT"):
                self.mailbox.recipients.append(line[9:-1])
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                self.mailbox.messages.append(self.read())
                if self.mailbox.hangs_up:
                    return
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def read(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        made = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(made, EmailMessage)
        return made


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Open a mail server on a free port of this machine."""
    opened = Mailbox()
    session = type("Session", (_Session,), {"mailbox": opened})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        host, port = server.server_address[:2]
        opened.address = f"{host!s}:{port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join()
