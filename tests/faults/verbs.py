"""Every route that changes something, each with a request that succeeds: by whom, on what, with what.

A route without a row fails `test_every_verb_is_tried`. A row is made anew for each try.
"""

from typing import Final

from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts import service as contracts
from tests.client import ADMIN, FINANCE, MANAGER, NORTH, OPERATIONS, REP
from tests.customers import builders as customers
from tests.faults.asks import PRICE, WHY, Ask, Row, a_receipt, a_transfer, given, new, on, shared, voided
from tests.faults.booking import REVENUE
from tests.faults.company import WEEK
from tests.faults.contracting import TEXTS
from tests.faults.crediting import CREDIT
from tests.faults.dealing import DEALS
from tests.faults.enquiring import LEADS
from tests.faults.quoting import QUOTES, quote
from tests.faults.world import tomorrow

PEOPLE: Final[dict[str, Row]] = {
    "users.add_user": lambda w: new(
        {"name": w.name("Pia"), "email": w.email(), "role": "REP", "team_id": NORTH}, by=ADMIN
    ),
    "users.change_user": lambda w: on(w.user(), by=ADMIN, body={"email": w.email(), "team_id": None}),
    "users.let_user_go": lambda w: on(w.user(), by=ADMIN),
    "users.take_user_back": lambda w: on(w.user(gone=True), by=ADMIN),
    "users.forget_login": lambda w: on(w.known_user(), by=ADMIN),
    "users.set_absence": lambda w: on(w.user(), by=ADMIN, body={"away_from": "2099-01-01"}),
    "me.set_preferences": lambda w: Ask(
        w.principal(made := w.user()), body={"language": "zh-CN"}, match=made.version
    ),
    "teams.add_team": lambda w: new({"name": w.name("East"), "parent_id": w.team().id}, by=OPERATIONS),
    "teams.change_team": lambda w: on(w.team(), by=OPERATIONS, body={"parent_id": w.team().id}),
    "teams.void_team": lambda w: on(w.team(), by=OPERATIONS),
    "territories.add_territory": lambda w: new({"code": w.code("T"), "name": "East"}, by=OPERATIONS),
    "territories.change_territory": lambda w: on(w.territory(), by=OPERATIONS, body={"countries": ["CN"]}),
    "territories.void_territory": lambda w: on(w.territory(), by=OPERATIONS),
    "calendars.add_calendar": lambda w: new(
        {"name": w.name("C"), "zone": "Asia/Shanghai", "week": WEEK}, by=OPERATIONS
    ),
    "calendars.change_calendar": lambda w: on(w.calendar(), by=OPERATIONS, body={"zone": "Europe/Berlin"}),
    "calendars.void_calendar": lambda w: on(w.calendar(), by=OPERATIONS),
    "api_keys.issue_key": lambda w: new({"name": w.name("ERP"), "scopes": ["orders:read"]}, by=ADMIN),
    "api_keys.revoke_key": lambda w: on(w.key(), by=ADMIN),
}

CUSTOMERS: Final[dict[str, Row]] = {
    "accounts.add_account": lambda w: new({"name": w.name("Acme")}),
    "accounts.change_account": lambda w: on(w.account(), body={"name": w.name("Acme")}),
    "accounts.void_account": lambda w: on(w.account()),
    "accounts.restore_account": lambda w: on(voided(w.account(), accounts.void_account)),
    "accounts.grade_account": lambda w: on(w.account(), by=MANAGER, body={"grade": "GOLD"}),
    "accounts.reassign_account": lambda w: given(w.account()),
    "accounts.share_account": lambda w: shared(w.account()),
    "contacts.add_contact": lambda w: new(
        {"account_id": w.account().id, "name": "Li Wei", "email": w.email()}
    ),
    "contacts.change_contact": lambda w: on(w.contact(), body={"email": w.email()}),
    "contacts.void_contact": lambda w: on(w.contact()),
    "contacts.restore_contact": lambda w: on(voided(w.contact(), accounts.void_contact)),
    "contacts.reassign_contact": lambda w: given(w.contact()),
    "contacts.share_contact": lambda w: shared(w.contact()),
    "activities.log_interaction": lambda w: new(
        {
            "about_id": w.account().id,
            "type": "CALL",
            "subject": "Asked for a quote",
            "next_action": {"title": "Send it", "due_at": tomorrow()},
        }
    ),
    "activities.void_activity": lambda w: on(customers.call(w.account().id)),
    "tasks.assign_task": lambda w: new({"title": "Send it", "due_at": tomorrow()}),
    "tasks.change_task": lambda w: on(w.task(), body={"due_at": tomorrow()}),
    "tasks.start_task": lambda w: on(w.task()),
    "tasks.complete_task": lambda w: on(w.task(), body={"result": "sent"}),
    "tasks.cancel_task": lambda w: on(w.task(), body={"result": "not wanted"}),
    "tasks.defer_task": lambda w: on(w.task(), body={"due_at": tomorrow()}),
    "tasks.reassign_task": lambda w: given(w.task()),
}

CATALOG: Final[dict[str, Row]] = {
    "products.add_product": lambda w: new(
        {"code": w.code("P"), "name": "Die", "list_price": PRICE}, by=OPERATIONS
    ),
    "products.change_product": lambda w: on(w.product(), by=OPERATIONS, body={"list_price": PRICE}),
    "price_books.add_price_book": lambda w: new({"name": "East", "currency": "CNY"}, by=OPERATIONS),
    "price_books.change_price_book": lambda w: on(w.book(), by=OPERATIONS, body={"status": "RETIRED"}),
    "price_books.set_prices": lambda w: on(
        w.book(),
        by=OPERATIONS,
        body={"prices": [{"product_id": w.press.id, "tiers": [{"from_quantity": 1, "unit_price": PRICE}]}]},
    ),
    "promotions.add_promotion": lambda w: new(
        {"name": "Autumn", "currency": "CNY", "percent_bps": 500}, by=OPERATIONS
    ),
    "promotions.change_promotion": lambda w: on(w.promotion(), by=OPERATIONS, body={"status": "RETIRED"}),
    "price_policy.set_price_policy": lambda w: Ask(
        OPERATIONS, body={"limits": {"REP": 500}}, match=w.price_policy().version
    ),
}

PIECE: Final = [{"number": 1, "quantity": 1}]
ORDERS: Final[dict[str, Row]] = {
    "orders.draft_order": lambda w: new(
        {
            "account_id": w.account().id,
            "currency": "CNY",
            "lines": [{"product_id": w.press.id, "quantity": 3}],
        }
    ),
    "orders.draft_order_of_opportunity": lambda w: new({"opportunity_id": w.deal(won=True).id}),
    "orders.draft_order_of_quote": lambda w: new({"quote_id": quote(w, "ACCEPTED").id}),
    "orders.edit_order": lambda w: on(w.order(), body={"note": "by sea"}),
    "orders.submit_order": lambda w: on(w.order()),
    "orders.approve_order": lambda w: on(w.order("IN_APPROVAL"), by=MANAGER),
    "orders.reject_order": lambda w: on(w.order("IN_APPROVAL"), by=MANAGER, body=WHY),
    "orders.withdraw_order": lambda w: on(w.order("IN_APPROVAL")),
    "orders.activate_order": lambda w: on(w.order("APPROVED")),
    "order_goods.ship_order": lambda w: on(w.order("ACTIVATED"), body={"reference": "DN-1"}),
    "orders.complete_order": lambda w: on(w.order("SHIPPED")),
    "order_money.pay_order": lambda w: on(
        w.order("ACTIVATED"), by=FINANCE, body={"reference": "TT-9", "amount": PRICE, "method": "BANK"}
    ),
    "order_money.take_payment_back": lambda w: on(
        w.paid_order(), by=FINANCE, body={"reference": "TT-1", "reason": "mistyped"}
    ),
    "order_goods.deliver_order": lambda w: on(w.order("SHIPPED"), body={"reference": "DN-1"}),
    "order_goods.return_order": lambda w: on(
        w.order("SHIPPED"), body={"reference": "RMA-1", "reason": "broken", "lines": PIECE}
    ),
    "order_money.refund_order": lambda w: on(
        w.overpaid_order(),
        by=FINANCE,
        body={"reference": "RF-1", "amount": PRICE, "method": "BANK", "reason": "twice"},
    ),
    "order_money.reschedule_instalment": lambda w: on(
        w.order("ACTIVATED"),
        by=FINANCE,
        body={"instalment": 1, "due_on": "2099-12-31", "reason": "they asked for more time"},
    ),
    "order_money.request_invoice": lambda w: on(
        w.order("ACTIVATED"), body={"reference": "IR-1", "title": "Acme", "instalment": 1}
    ),
    "order_money.issue_invoice": lambda w: on(
        w.invoiced_order(), by=FINANCE, body={"reference": "IR-1", "number": "2026-7"}
    ),
    "order_money.refuse_invoice": lambda w: on(
        w.invoiced_order(), by=FINANCE, body={"reference": "IR-1", "reason": "no tax number"}
    ),
    "order_money.correct_invoice": lambda w: on(
        w.invoiced_order(issued="2026-7"),
        by=FINANCE,
        body={"reference": "IR-1", "number": "2026-8", "reason": "came back"},
    ),
    "order_amendments.amend_order": lambda w: on(
        w.order("ACTIVATED"), body={"reason": "more", "change": [{"number": 1, "quantity": 11}]}
    ),
    "order_amendments.approve_order_amendment": lambda w: on(w.amended_order(), by=MANAGER),
    "order_amendments.drop_order_amendment": lambda w: on(w.amended_order()),
    "orders.cancel_order": lambda w: on(w.order("APPROVED"), body=WHY),
    "orders.reassign_order": lambda w: given(w.order()),
    "orders.share_order": lambda w: shared(w.order()),
    "credit_notes.issue_credit_note": lambda w: new(
        {
            "account_id": w.account().id,
            "currency": "CNY",
            "lines": [{"name": "Press", "quantity": 1, "unit_price": PRICE}],
            "reason": "came back",
        },
        by=MANAGER,
    ),
    "order_policy.set_order_policy": lambda w: Ask(
        OPERATIONS,
        body={"approval_limits": [], "payment_days": 30, "number_prefix": "SO"},
        match=w.order_policy().version,
    ),
}

CONTRACTS: Final[dict[str, Row]] = {
    "contracts.draft_contract": lambda w: new(
        {"account_id": w.account().id, "title": "Maintenance", "value": PRICE}
    ),
    "contracts.edit_contract": lambda w: on(w.contract(), body={"note": "two copies"}),
    "contracts.submit_contract": lambda w: on(w.contract()),
    "contracts.approve_contract": lambda w: on(w.contract("IN_APPROVAL"), by=MANAGER),
    "contracts.reject_contract": lambda w: on(w.contract("IN_APPROVAL"), by=MANAGER, body=WHY),
    "contracts.withdraw_contract": lambda w: on(w.contract("IN_APPROVAL")),
    "contracts.revise_contract": lambda w: on(w.contract("NEGOTIATING")),
    "contracts.send_contract": lambda w: on(w.contract("NEGOTIATING")),
    "contracts.sign_contract": lambda w: on(w.contract("AWAITING_SIGNATURE"), body={"signed_by": "Wang"}),
    "contracts.decline_contract": lambda w: on(w.contract("AWAITING_SIGNATURE"), body=WHY),
    "contracts.negotiate_contract": lambda w: on(
        contracts.decline(w.contract("AWAITING_SIGNATURE").id, reason="price", by=REP)
    ),
    "contracts.activate_contract": lambda w: on(w.contract("SIGNED")),
    "contracts.fulfil_milestone": lambda w: on(w.contract("ACTIVATED"), body={"number": 1}),
    "contracts.terminate_contract": lambda w: on(w.contract("ACTIVATED"), by=MANAGER, body=WHY),
    "contracts.cancel_contract": lambda w: on(w.contract(), body=WHY),
    "contracts.reassign_contract": lambda w: given(w.contract()),
    "contracts.share_contract": lambda w: shared(w.contract()),
}

INSIGHT: Final[dict[str, Row]] = {
    "forecasts.add_factor": lambda w: new(
        {"percent": 5, "reason": "Fair", "first_month": "2027-01", "last_month": "2027-02"}, by=OPERATIONS
    ),
    "forecasts.change_factor": lambda w: on(w.factor(), by=OPERATIONS, body={"percent": 7}),
    "forecasts.void_factor": lambda w: on(w.factor(), by=OPERATIONS),
    "reports.subscribe": lambda w: new({"report": "REP_DAILY", "user_id": w.user().id}, by=OPERATIONS),
    "reports.change_subscription": lambda w: on(w.subscription(), by=OPERATIONS, body={"hour": 7}),
    "reports.unsubscribe": lambda w: on(w.subscription(), by=OPERATIONS),
    "reports.run_now": lambda w: on(w.subscription(), by=OPERATIONS),
    "imports.begin_import": lambda w: new(
        {
            "target": "accounts",
            "file_name": "customers.csv",
            "size": 20,
            "mapping": {"columns": {"Name": "name"}},
        },
        by=OPERATIONS,
    ),
    "imports.start_import": lambda w: on(w.job(with_file=True), by=OPERATIONS),
    "imports.resume_import": lambda w: on(w.job(with_file=True, stopped_at=2), by=OPERATIONS),
    "imports.cancel_import": lambda w: on(w.job(), by=OPERATIONS),
    "handovers.hand_over": lambda w: new(
        {"from_id": w.user().id, "to_ids": [w.user().id, w.user().id], "reason": "left"}, by=OPERATIONS
    ),
    "handovers.resume_handover": lambda w: on(w.stopped_handover(), by=OPERATIONS, body={}),
}

STOCK: Final[dict[str, Row]] = {
    "warehouses.add_warehouse": lambda w: new(
        {"code": w.code("W"), "name": "East", "keeper_id": OPERATIONS.id}, by=OPERATIONS
    ),
    "warehouses.change_warehouse": lambda w: on(w.warehouse(), by=OPERATIONS, body={"rank": 7}),
    "warehouses.set_rule": lambda w: Ask(
        OPERATIONS, (w.warehouse().id, w.kept_product().id), {"reorder_point": 5, "unit_cost": PRICE}, 0
    ),
    "stock_movements.record_movement": lambda w: new(a_transfer(w), by=OPERATIONS),
    "supplies.add_supply": lambda w: new(
        {
            "reference": w.name("PO"),
            "product": w.kept_product().code,
            "warehouse": w.warehouse().code,
            "quantity": 10,
            "expected_on": "2099-12-31",
        },
        by=OPERATIONS,
    ),
    "supplies.change_supply": lambda w: on(w.supply(), by=OPERATIONS, body={"quantity": 9}),
    "supplies.cancel_supply": lambda w: on(w.supply(), by=OPERATIONS, body=WHY),
    "stock_movements.record_movements": lambda w: new(
        {
            "movements": [
                transfer := a_transfer(w),
                transfer,
                {**transfer, "quantity": 9},
                {"type": "LOST"},
                receipt := a_receipt(w),
                receipt,
            ]
        },
        by=OPERATIONS,
    ),
}

_SOLD: Final = LEADS | QUOTES | CREDIT | ORDERS | CONTRACTS | TEXTS | REVENUE
VERBS: Final[dict[str, Row]] = PEOPLE | CUSTOMERS | CATALOG | DEALS | STOCK | _SOLD | INSIGHT
