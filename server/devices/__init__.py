"""Enrolled PCs: their certificates, renewal, and revocation."""
