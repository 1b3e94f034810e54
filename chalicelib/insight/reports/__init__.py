"""Figures and work that come by mail, in time 报告: a rep's morning, a manager's week.

Owns subscriptions (`report_subscription_…`) and the ledger of runs (`report_run_…`) in the
`reports` table: every due time has a run, also the ones that failed or were missed. Announces both.
"""
