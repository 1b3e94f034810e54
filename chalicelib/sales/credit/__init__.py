"""Customer credit 客户信用: how much a customer may owe us, on what terms, and why.

Owns, in the `credit` table: a profile for each account (`credit_profile_…`: its grade and what it
owes, counted exactly), how each order and contract was paid (`credit_history_…`), and the policy
(`credit_policy_…`: grades, their rules, limits and terms). Announces their changes. What an account
owes moves in the transaction of the order or bill that moves it; its grade follows from how it paid.
"""
