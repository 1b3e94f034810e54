"""One business step: everything it writes happens, or nothing does.

step = Step(by=who.id)
step.create(account)
step.change(lead, status="CONVERTED", account_id=account.id)
step.claim(key, account.id)
step.commit()
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from botocore.exceptions import ClientError
from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.core import clock, errors, idempotency
from chalicelib.core.contention import REFUSED, code, is_passing, is_too_large, reasons, tries
from chalicelib.core.guards import Guard
from chalicelib.core.table import Record, client

#: DynamoDB's limit of actions in one transaction.
MOST_ACTIONS: Final = 100
TRIES: Final = 6

RawItem = dict[str, Any]
#: What a refused condition means, given the item that stood there.
Refusal = Callable[[RawItem | None], errors.SalesError]


@dataclass(frozen=True, slots=True)
class _Write:
    operation: str
    request: dict[str, Any]
    refusal: Refusal
    #: What is written; None for what is only looked at.
    model: Model | None
    #: Whether doing it once more would do more: never sent without a token that tells it again.
    adds: bool = False


class Step:
    """Collects the writes of one business step; `by` is the id of the person or system acting.

    `about` is the id of the record that a repeated request is answered with, where that is not the
    first record written.
    """

    def __init__(self, *, by: str, about: str | None = None) -> None:
        self.by = by
        self.about = about
        self.name = token_hex(16)
        self._writes: list[_Write] = []

    def create(self, record: Record, *, refusal: Refusal | None = None) -> None:
        """Write a new record. AlreadyExists, or what `refusal` says, when its id is taken."""
        record.created_at = record.updated_at = clock.now()
        record.updated_by, record.step = self.by, self.name
        self.put(record, condition=type(record).id.does_not_exist(), refusal=refusal or _exists)

    def change(self, record: Record, **values: Any) -> None:
        """Set the given attributes (None removes), if the record is still at its version.

        Stale when it is not. The record in hand takes the new values at once.
        """
        values |= {"updated_at": clock.now(), "updated_by": self.by, "step": self.name}
        attributes = type(record).get_attributes()
        actions: list[Action] = []
        for name, value in values.items():
            setattr(record, name, _unset(attributes[name]) if value is None else value)
            actions.append(_to(attributes[name], value))
        self._update(record, actions, None, stale)

    def add(
        self,
        record: Record,
        numbers: Mapping[str, int],
        *,
        where: Condition | None = None,
        refusal: Refusal | None = None,
        **values: Any,
    ) -> None:
        """Add to whole numbers of a record where a condition holds, whatever its version is.

        For what many add to at once: nobody has to have read it. A name may lead into a document that
        is there (``exposure.CNY``). `values` are set beside (None removes). A record that is not there
        begins at zero. Its version grows by one; the record in hand stays as it is.
        Stale, or what `refusal` says, when the condition does not hold.
        """
        now = clock.now()
        attributes = type(record).get_attributes()
        values |= {"updated_at": now, "updated_by": self.by, "step": self.name}
        actions: list[Action] = [_place(attributes, name).add(number) for name, number in numbers.items()]
        actions += [_to(attributes[name], value) for name, value in values.items()]
        actions.append(type(record).created_at.set(type(record).created_at | now))
        # Of a version that was read, PynamoDB makes one more; it is not held against the item's.
        row = type(record)(record.id, version=0)
        request = row.get_update_kwargs_from_instance(actions, where, add_version_condition=False)
        self._writes.append(_Write("Update", request, refusal or stale, row, adds=True))

    def claim(
        self,
        key: str,
        holder: str,
        *,
        refusal: Refusal | None = None,
        until: datetime | None = None,
    ) -> None:
        """Take a unique key for a holder. AlreadyExists(holder=…) when another has it."""
        free = Guard.id.does_not_exist() | (Guard.holder == holder) | (Guard.expires < clock.now())
        self.put(Guard(key, holder=holder, expires=until), condition=free, refusal=refusal or _taken)

    def hand_on(self, key: str, holder: str, *, to: str) -> None:
        """Give a holder's key, or a free one, to another. AlreadyExists(holder=…) when a third has it."""
        ours = Guard.id.does_not_exist() | (Guard.holder == holder)
        self.put(Guard(key, holder=to), condition=ours, refusal=_taken)

    def release(self, key: str, holder: str) -> None:
        """Give a key back. AlreadyExists(holder=…) when another holder has it."""
        ours = Guard.id.does_not_exist() | (Guard.holder == holder)
        row = Guard(key)
        self._writes.append(_Write("Delete", row.get_delete_kwargs_from_instance(ours), _taken, row))

    def count(
        self,
        key: str,
        *,
        limit: int,
        until: datetime | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        """Add one to a counter unless it has reached the limit (exact). TooMany when it has."""
        actions: list[Action] = [Guard.n.add(1)]
        if until is not None:
            actions.append(Guard.expires.set(until))
        below = Guard.n.does_not_exist() | (Guard.n < limit)
        self._update(Guard(key), actions, below, refusal or _full)

    def count_down(self, key: str, *, below_zero: bool = False) -> None:
        """Take one from a counter that `count` added to. Stale when it stands at zero, unless it may."""
        self._update(Guard(key), [Guard.n.add(-1)], None if below_zero else Guard.n > 0, stale)

    def require(self, record: Record, condition: Condition, *, refusal: Refusal) -> None:
        """Let the step happen only if a record that it does not write stands as the condition says."""
        request = type(record).get_operation_kwargs_from_class(record.id, condition=condition)
        self._writes.append(_Write("ConditionCheck", request, refusal, None))

    def put(self, row: Model, *, condition: Condition, refusal: Refusal) -> None:
        """Write a whole new row under a condition."""
        request = row.get_save_kwargs_from_instance(condition)
        self._writes.append(_Write("Put", request, refusal, row))

    def _update(
        self, row: Model, actions: list[Action], condition: Condition | None, refusal: Refusal
    ) -> None:
        request = row.get_update_kwargs_from_instance(actions, condition)
        self._writes.append(_Write("Update", request, refusal, row))

    def commit(self) -> None:
        """Write it all. Raises what the first refused condition means, TooLarge (a record), or Busy."""
        if not self._writes:
            return
        if guard := idempotency.pending(self.about or self._first_record()):
            free = Guard.id.does_not_exist() | (Guard.expires < clock.now())
            self.put(guard, condition=free, refusal=idempotency.repeated)
        if len(self._writes) > MOST_ACTIONS:
            raise ValueError(f"{len(self._writes)} writes in one step; DynamoDB takes {MOST_ACTIONS}")
        alone = len(self._writes) == 1 and not self._writes[0].adds
        write = self._write_one if alone else self._write_all
        for _ in tries(TRIES):
            if write():
                for each in self._writes:
                    if each.model is not None:
                        each.model.update_local_version_attribute()
                idempotency.committed()
                return
        raise errors.Busy

    def _first_record(self) -> str | None:
        return next((each.model.id for each in self._writes if isinstance(each.model, Record)), None)

    def _write_one(self) -> bool:
        [only] = self._writes
        call = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}[only.operation]
        try:
            getattr(client(), call)(**_telling(only.request))
        except ClientError as refused:
            if is_passing(refused):
                return False
            if not code(refused).startswith(REFUSED):
                raise self._meaning(refused) from refused
            stood: Any = refused.response
            item: RawItem | None = stood.get("Item")
            # The first try was written but its answer was lost: the SDK tried again and met itself.
            if item and item.get("step", {}).get("S") == self.name:
                return True
            raise only.refusal(item) from refused
        return True

    def _write_all(self) -> bool:
        items = [{each.operation: _telling(each.request)} for each in self._writes]
        try:
            client().transact_write_items(TransactItems=items, ClientRequestToken=self.name)
        except ClientError as refused:
            if is_passing(refused):
                return False
            raise self._meaning(refused) from refused
        return True

    def _meaning(self, refused: ClientError) -> Exception:
        for each, reason in zip(self._writes, reasons(refused), strict=False):
            if reason.get("Code") == REFUSED:
                return each.refusal(reason.get("Item"))
        return errors.TooLarge("record_full") if is_too_large(refused) else refused


def _unset(attribute: Attribute[Any]) -> Any:
    """Return what a reader will see of an attribute that was removed: its default."""
    return attribute.default() if callable(attribute.default) else attribute.default


def _place(attributes: Mapping[str, Any], name: str) -> Any:
    first, *inside = name.split(".")
    place = attributes[first]
    for each in inside:
        place = place[each]
    return place


def _to(attribute: Any, value: Any) -> Action:
    if value is None:
        removed: Action = attribute.remove()
        return removed
    # Given serialised: PynamoDB would guess the type of a value that is no dict.
    assigned: Action = attribute.set({attribute.attr_type: attribute.serialize(value)})
    return assigned


def _telling(request: dict[str, Any]) -> dict[str, Any]:
    return {**request, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def _exists(_: RawItem | None) -> errors.SalesError:
    return errors.AlreadyExists()


def stale(_: RawItem | None) -> errors.SalesError:
    """Refuse because the record is another than the caller saw."""
    return errors.Stale()


def _full(_: RawItem | None) -> errors.SalesError:
    return errors.TooMany()


def _taken(stood: RawItem | None) -> errors.SalesError:
    return errors.AlreadyExists(holder=(stood or {}).get("holder", {}).get("S"))


def create(record: Record, *, by: str) -> None:
    """Write one new record."""
    step = Step(by=by)
    step.create(record)
    step.commit()


def change(record: Record, *, by: str, **values: Any) -> None:
    """Change one record, if it is still at its version."""
    step = Step(by=by)
    step.change(record, **values)
    step.commit()
