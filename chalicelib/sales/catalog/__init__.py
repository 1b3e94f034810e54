"""What we sell 产品, and at what price 价目表.

Owns products (`product_…`: also variants, bundles and what they are configured of), price books
(`price_book_…`) with their prices (`price_…`), promotions (`promotion_…`) and the price policy
(`price_policy_…`: who may give what discount) in the `catalog` table. Announces their changes.
"""
