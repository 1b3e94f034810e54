"""What contracts do when something changed elsewhere, and when their time comes."""

from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.service import look_after, take_in


def owner_moved(moved: Change) -> None:
    """Move contracts along with their owner to another team."""
    follow_owner(moved, Contract)


def file_arrived(changed: Change) -> None:
    """Read the file of a contract's version that was put in place."""
    if changed.became("status", "READING"):
        take_in(changed.id)


REACTIONS = {
    "user": (owner_moved,),
    "contract": (stay_with_owner,),
    "contract_version": (file_arrived,),
}
DUE = {Contract: look_after}
