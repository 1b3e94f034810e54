"""Orders 销售订单: what a customer bought, from draft over approval to shipped and paid.

Owns orders (`order_…`, with their lines, shipments, payments and payment schedule), credit notes
(`credit_note_…`: what came back without its order) and the order policy (`order_policy_…`: approval
limits by currency) in the `orders` table. Announces their changes. A status is never set by hand:
it follows from what happened (`lifecycle`).
"""
