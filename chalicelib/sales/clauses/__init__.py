"""Clauses 条款: what contracts are made of, and what a company thinks of what stands in them.

Owns library clauses (`clause_…`), contract templates (`contract_template_…`) and the one clause
policy (`clause_policy_…`) in the `clauses` table. Announces their changes. Reviews texts: which
standard clauses are there, where, and what is missing or risky by the policy. It advises; people
decide.
"""
