"""When to order how much 补货: advice from the demand forecast, and why.

Owns no items: it reads what stands (`inventory`), what was ordered and what went out (aggregates).
"""
