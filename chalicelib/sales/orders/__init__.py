"""Orders 销售订单: what a customer bought, from draft over approval to shipped and paid.

Owns orders (`order_…`, with their lines and approvals, what goes out and comes back, what comes in and
goes back, schedule and invoices), credit notes (`credit_note_…`: what came back without its order) and
the order policy (`order_policy_…`: steps of approval, days to pay and to send back) in the `orders`
table. Announces their changes. A status is never set by hand: it follows from what happened
(`lifecycle`).
"""
