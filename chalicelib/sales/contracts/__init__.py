"""Contracts 合同: what was agreed with a customer, from draft over signature to fulfilment and its end.

Owns contracts (`contract_…`, with their milestones) in the `contracts` table. Announces their
changes. Reminders, overdue milestones and expiry happen by themselves (`deadlines`).
"""
