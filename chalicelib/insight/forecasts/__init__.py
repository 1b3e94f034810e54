"""What will be sold 预测: forecasts that say how far they were off before.

Owns the open deals of every business day (`forecast_snapshot_…`), the figures of every night
(`forecast_run_…`) and what the market is expected to do to them (`market_factor_…`), in the
`forecasts` table. The figures come from `automatic` and the modules it names, which know no table.
"""
