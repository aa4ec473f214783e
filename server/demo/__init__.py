"""Customers who do not exist, for the demo and the tests. The same seed makes the same ones."""
