"""What contracts do when something changed elsewhere, and when their time comes."""

from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.service import forget_order, look_after, take_in


def owner_moved(moved: Change) -> None:
    """Move contracts along with their owner to another team."""
    follow_owner(moved, Contract)


def order_cancelled(changed: Change) -> None:
    """What a cancelled order had taken of its contract can be ordered again."""
    image = changed.after or {}
    if changed.became("status", "CANCELLED") and image.get("contract_id"):
        forget_order(image["contract_id"], changed.id)


def file_arrived(changed: Change) -> None:
    """Read the file of a contract's version that was put in place."""
    if changed.became("status", "READING"):
        take_in(changed.id)


REACTIONS = {
    "user": (owner_moved,),
    "order": (order_cancelled,),
    "contract": (stay_with_owner,),
    "contract_version": (file_arrived,),
}
DUE = {Contract: look_after}
