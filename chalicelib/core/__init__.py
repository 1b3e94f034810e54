"""The walls of the house: what every domain stands on. Knows no domain."""
