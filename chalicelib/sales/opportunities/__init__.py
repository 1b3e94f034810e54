"""Deals 商机 and the stages they go through 销售流程.

Owns pipelines (`pipeline_…`: stages as data, with the criteria that let a deal in and out) and
opportunities (`opportunity_…`), and the places that deals have in their members' lists
(`membership_…`), in the `opportunities` table. Announces their changes: a move between stages, a new
amount or close date, a win or a loss are all changes of the deal.
"""
