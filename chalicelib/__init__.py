"""Salestream: the whole business in six names: core, organisation, customers, sales, insight, platform."""
