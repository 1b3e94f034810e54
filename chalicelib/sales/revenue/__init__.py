"""Contract to revenue 收入: what customers owe and when, what is earned of it, and the books of both.

Owns, in the `revenue` table: what falls due (`receivable_…`, one for each instalment), what is
earned of an order or contract (`revenue_schedule_…`), every posting (`journal_entry_…`, never
changed), how far the books are closed (`books_…`), their exports (`revenue_export_…`) and the
policy (`revenue_policy_…`). Announces their changes. All of it follows from orders and contracts.
"""
