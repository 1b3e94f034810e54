"""Whom we sell to 客户: companies and the people in them 联系人.

Owns accounts (`account_…`) and contacts (`contact_…`) in the `accounts` table. Announces their
changes. A prospect becomes a customer with the first deal won.
"""
