"""The verbs of clauses, and of contracts' texts, sales and change orders, with requests that succeed."""

from datetime import date
from typing import Any, Final

from chalicelib.core import files
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts import service as contracts
from tests.client import ADMIN, MANAGER, OPERATIONS, REP
from tests.faults.asks import PRICE, WHY, Ask, Row, new, on
from tests.faults.quoting import quote
from tests.faults.world import World

_FILE: Final[dict[str, Any]] = {"file_name": "a.txt", "media": "text/plain", "size": 4}
_CLAUSE: Final = {"name": "Law", "language": "en", "body": "The law of the place."}


def clause(world: World) -> Any:
    """A clause of the library."""
    return clauses.add_clause(**{**_CLAUSE, "name": world.name("Law")}, by=OPERATIONS)


def template(world: World) -> Any:
    """A template of one clause."""
    ids = [clause(world).id]
    return clauses.add_template(name=world.name("T"), language="en", clause_ids=ids, by=OPERATIONS)


def negotiated(world: World) -> Any:
    """A contract whose text was changed after its approval."""
    made = world.contract("NEGOTIATING")
    contracts.add_text(made.id, text="Ours.", by=REP, version=None)
    return contracts.contract(made.id, who=REP)


def uploaded(world: World) -> Ask:
    """Ask for a file that is there to be read."""
    made = contracts.await_file(world.contract().id, **_FILE, by=REP, version=None)
    files.write(made.file_key, b"Text", media="text/plain")
    return Ask(REP, (made.contract_id, "1"), match=made.version)


def amended(world: World, *, by: Any, body: Any = None) -> Ask:
    """Ask for something to be done with a change order."""
    made = contracts.propose(world.contract("ACTIVATED").id, reason="x", by=REP, milestones=[_STEP])
    return Ask(by, (made.contract_id, "1"), body, made.version)


_STEP: Final = {"name": "Spare parts", "due_on": date(2099, 1, 1)}


def framework(world: World) -> Any:
    """A signed contract of a quote, whose orders bill it."""
    made = contracts.draft_from_quote(quote(world, "ACCEPTED").id, billed_by="ORDERS", by=REP)
    contracts.submit(made.id, by=REP)
    contracts.approve(made.id, by=MANAGER)
    contracts.send(made.id, by=REP)
    return contracts.sign(made.id, signed_by="Wang", by=REP)


TEXTS: Final[dict[str, Row]] = {
    "contract_sales.draft_contract_of_quote": lambda w: new(
        {"quote_id": quote(w, "ACCEPTED").id, "template_id": template(w).id}
    ),
    "contract_sales.order_under_contract": lambda w: on(
        framework(w), body={"lines": [{"number": 1, "quantity": 3}]}
    ),
    "clauses.add_clause": lambda w: new({**_CLAUSE, "name": w.name("Law")}, by=OPERATIONS),
    "clauses.change_clause": lambda w: on(clause(w), by=OPERATIONS, body={"status": "RETIRED"}),
    "contract_templates.add_contract_template": lambda w: new(
        {"name": w.name("T"), "language": "en", "clause_ids": [clause(w).id]}, by=OPERATIONS
    ),
    "contract_templates.change_contract_template": lambda w: on(
        template(w), by=OPERATIONS, body={"name": w.name("T")}
    ),
    "clause_policy.set_clause_policy": lambda w: Ask(
        OPERATIONS,
        body={"stances": [{"kind": "INSURANCE", "stance": "REQUIRED"}]},
        match=clauses.policy().version,
    ),
    "contract_texts.add_contract_text": lambda w: on(w.contract(), body={"text": "One"}),
    "contract_texts.draft_contract_text": lambda w: on(w.contract(), body={"template_id": template(w).id}),
    "contract_texts.upload_contract_text": lambda w: on(w.contract(), body=_FILE),
    "contract_texts.read_contract_file": uploaded,
    "contract_texts.approve_contract_text": lambda w: on(negotiated(w), by=ADMIN),
    "contracts.give_contract_notice": lambda w: on(w.contract("ACTIVATED"), body={}),
    "contracts.propose_change_order": lambda w: on(
        w.contract("ACTIVATED"), body={"reason": "More", "value": {**PRICE, "amount": "90000.00"}}
    ),
    "contracts.approve_change_order": lambda w: amended(w, by=MANAGER),
    "contracts.reject_change_order": lambda w: amended(w, by=MANAGER, body=WHY),
    "contracts.withdraw_change_order": lambda w: amended(w, by=REP),
}
