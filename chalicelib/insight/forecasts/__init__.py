"""What will be sold: forecasts that say how far they were off before."""
