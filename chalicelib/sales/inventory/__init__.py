"""What is there to sell 库存: warehouses, what moves in and out of them, what is promised to orders.

Owns, in the `inventory` table: warehouses (`warehouse_…`), what stands of a product in one of them
(`stock_…`, counted exactly), how it is kept there (`stock_rule_…`), every movement
(`stock_movement_…`), what is promised to an order (`reservation_…`) and what suppliers are to deliver
(`supply_…`). Announces their changes.
What stands is never set: it is the sum of the movements.
"""
