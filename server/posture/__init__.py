"""What devices report of themselves, and the trust that follows, also when one falls silent."""
