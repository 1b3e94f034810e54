"""A request with an ``Idempotency-Key``: acted on once, answered alike however often it comes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from chalice.app import Response

from chalicelib.core import errors, idempotency
from chalicelib.core.endpoint import Answer, Call, Endpoint, created
from chalicelib.core.idempotency import Attempt
from chalicelib.core.responding import response
from chalicelib.core.table import Record

#: Larger answers are not kept: an item holds 400 KB, and the record itself can stand for them.
MOST_KEPT: Final = 100_000

Act = Callable[[Call[Any, Any]], Response]


def once(endpoint: Endpoint, call: Call[Any, Any], act: Act, key: str, request: str) -> Response:
    """Act on a request unless one with its key was acted on: then answer as that one was answered.

    `request` is everything that makes it the same one. Conflict (`key_reused`) when the key came
    with another.
    """
    known = idempotency.earlier(key, who=call.who.id, request=request)
    if known is None:
        try:
            return _first(endpoint, call, act, key, request)
        except errors.SalesError:
            # Was the same one at work at the same moment, and faster? Then its answer is the answer.
            known = idempotency.earlier(key, who=call.who.id, request=request)
            if known is None:
                raise
    return _again(endpoint, call, act, known)


def _first(endpoint: Endpoint, call: Call[Any, Any], act: Act, key: str, request: str) -> Response:
    with idempotency.attempt(key, who=call.who.id, request=request, origin=call.origin) as attempt:
        answer = act(call)
    _keep(endpoint, attempt, answer)
    return answer


def _again(endpoint: Endpoint, call: Call[Any, Any], act: Act, known: Attempt) -> Response:
    if known.answer:
        answer = Response(known.answer["body"], dict(known.answer["headers"]), known.answer["status"])
    elif endpoint.resumes:
        answer = act(replace(call, resumed=known.origin))
        _keep(endpoint, known, answer)
    else:
        answer = response(endpoint, call, _as_it_is_now(endpoint, known))
    answer.headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return answer


def _as_it_is_now(endpoint: Endpoint, known: Attempt) -> Answer:
    """Return what stands for an answer that was lost after its writes: the record that it was about."""
    record = Record.anywhere(known.item_id or "")
    if record is None:
        raise idempotency.InProgress
    return created(record) if endpoint.status == 201 else Answer(record, endpoint.status)


def _keep(endpoint: Endpoint, attempt: Attempt, answer: Response) -> None:
    if len(str(answer.body)) < MOST_KEPT and not endpoint.secret:
        kept = {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.body}
        idempotency.keep(attempt, kept)
