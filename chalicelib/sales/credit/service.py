"""What one does with credit: asked by orders, decided by finance."""

from chalicelib.sales.credit.exposure import hold, move, require_going
from chalicelib.sales.credit.policy import policy, set_policy
from chalicelib.sales.credit.standing import Standing, standing

__all__ = [
    "Standing",
    "hold",
    "move",
    "policy",
    "require_going",
    "set_policy",
    "standing",
]
