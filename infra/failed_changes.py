"""Changes that Lambda gave up on: ``python -m infra.failed_changes --stage S [--look] [--drop-lost]``.

Each message of the failure queue names a range of a table's stream, not what is in it. Without
``--look`` the range is read from the stream and applied again, and the message is removed. After a
day the stream has forgotten: then ``python -m infra.refeed`` feeds the items as they are now, and
``--drop-lost`` removes the messages that nothing can be read for any more.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError
from botocore.session import get_session

from infra.acting import act_for, asked
from infra.stages import Stage

#: What DynamoDB says of a place in a stream that it has forgotten.
FORGOTTEN: Final = ("TrimmedDataAccessException", "ResourceNotFoundException", "ValidationException")
#: Seconds for which a message that is being worked on is nobody else's.
HELD: Final = 300


def main() -> None:
    """Run the command. Exit status 1 when messages are left in the queue."""
    parser = asked(__doc__)
    parser.add_argument("--look", action="store_true", help="tell what is in the queue, and change nothing")
    parser.add_argument("--drop-lost", action="store_true", help="remove what the stream has forgotten")
    given = parser.parse_args()
    stage = act_for(given.stage)

    left = []
    for message in Queue(stage).messages(hold=0 if given.look else HELD):
        found = message.batch
        told = "waits" if given.look else message.work(drop_lost=given.drop_lost)
        left += [message] if told in ("waits", "lost", "failed again") else []
        print(f"{told}: {found['batchSize']} changes from {found['approximateArrivalOfFirstRecord']}"
              f" of {found['streamArn'].split('/')[1]}")  # fmt: skip
    for message in () if given.look else left:
        message.put_back()
    raise SystemExit(1 if left else 0)


class Queue:
    """The failure queue of a stage's streams."""

    def __init__(self, stage: Stage) -> None:
        made: Any = get_session().create_client("sqs")
        self.client = made
        self.url = made.get_queue_url(QueueName=f"{stage.stack}-failed-changes")["QueueUrl"]

    def messages(self, *, hold: int) -> "Iterator[Message]":
        """Yield each message once."""
        met: set[str] = set()
        while True:
            answer = self.client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=hold
            )
            new = [each for each in answer.get("Messages", ()) if each["MessageId"] not in met]
            if not new:
                return
            met |= {each["MessageId"] for each in new}
            yield from (Message(self, each) for each in new)


class Message:
    """One batch that was given up on."""

    def __init__(self, queue: Queue, raw: Mapping[str, Any]) -> None:
        self.queue, self.receipt = queue, raw["ReceiptHandle"]
        self.batch: Mapping[str, Any] = json.loads(raw["Body"])["DDBStreamBatchInfo"]

    def work(self, *, drop_lost: bool) -> str:
        """Apply the batch again and remove the message; return what became of it."""
        from chalicelib import house  # heavy: table names are read from the stage at import
        from chalicelib.core import changes  # heavy: likewise

        records = list(self._records())
        if not records and not drop_lost:
            return "lost"
        if records and changes.deliver({"Records": records}, house.house())["batchItemFailures"]:
            return "failed again"
        self.queue.client.delete_message(QueueUrl=self.queue.url, ReceiptHandle=self.receipt)
        return "applied" if records else "dropped"

    def put_back(self) -> None:
        """Let the next run have the message at once: hidden, it would look as if nothing were left."""
        self.queue.client.change_message_visibility(
            QueueUrl=self.queue.url, ReceiptHandle=self.receipt, VisibilityTimeout=0
        )

    def _records(self) -> Iterator[Mapping[str, Any]]:
        """Yield the batch's records as long as the stream has them."""
        client: Any = get_session().create_client("dynamodbstreams")
        last = int(self.batch["endSequenceNumber"])
        try:
            iterator = client.get_shard_iterator(
                StreamArn=self.batch["streamArn"],
                ShardId=self.batch["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=self.batch["startSequenceNumber"],
            )["ShardIterator"]
            while iterator:
                answer = client.get_records(ShardIterator=iterator)
                for record in answer["Records"]:
                    if int(record["dynamodb"]["SequenceNumber"]) > last:
                        return
                    yield record
                iterator = answer.get("NextShardIterator") if answer["Records"] else None
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in FORGOTTEN:
                raise


if __name__ == "__main__":
    main()
