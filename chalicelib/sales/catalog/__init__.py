"""What we sell 产品: products with their code, family and list price.

Owns products (`product_…`) in the `catalog` table. Announces their changes.
"""
