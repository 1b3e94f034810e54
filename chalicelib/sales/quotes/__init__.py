"""Quotes 报价单: what we offer a customer, in versions, up to the customer's answer.

Owns quotes (`quote_…`: the present version, whoever works on it), what was sent of them
(`quote_version_…`: never changed again, but for what became of it) and the quote policy
(`quote_policy_…`) in the `quotes` table. Announces their changes.
"""
