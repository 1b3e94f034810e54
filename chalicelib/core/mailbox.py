"""Mails that came to the company: each lies in a bucket, and is told of once it is there, perhaps twice.

A mail that cannot be read is never lost: it stays in the bucket, and what went wrong in quarantine.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import unquote_plus

from chalicelib.core import errors, files
from chalicelib.core.observe import count, log
from chalicelib.core.quarantine import park

#: What SES writes when it is told where to put mails: no mail.
NOTICE: Final = "AMAZON_SES_SETUP_NOTIFICATION"


class Became(Protocol):
    """What a mail became, in a word."""

    @property
    def how(self) -> str:
        """The word."""


#: What takes in a mail as it came over the wire; safe to repeat. Invalid when nobody can, or may, answer it.
Reader = Callable[[bytes], Became]


def deliver(event: Mapping[str, Any], readers: list[Reader]) -> None:
    """Give the mails of a bucket's event to all readers.

    What another try may get over, and what nobody foresaw, is raised: Lambda tries again, and at last
    tells the failure queue.
    """
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        if key.endswith(NOTICE):
            continue
        raw = files.read(key, bucket=bucket)
        count("MailsReceived")
        for reader in readers:
            try:
                # By this line one finds the mail that was taken for spam.
                log.info("mail read", object=key, became=reader(raw).how)
            except errors.Invalid as unreadable:
                park("mail", {"bucket": bucket, "key": key}, unreadable)
