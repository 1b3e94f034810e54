"""What happened, in figures 分析: funnel, sales, leads, first contacts, orders.

Owns no items: it reads the aggregates that changes keep up to date, a fixed number of Query calls
for each answer, whatever the number of records.
"""
