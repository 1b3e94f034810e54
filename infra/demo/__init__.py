"""A company to play with: Silk Road Instruments 丝路仪器, its people, customers and two years of deals.

The same seed makes the same company, laid out backwards from today.
"""
