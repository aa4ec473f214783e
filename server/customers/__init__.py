"""Customers, and what of them a desk may see. Masking happens here, and nothing in clear leaves without policy."""
