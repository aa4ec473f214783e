"""Who did what to what, and when; append-only, and chained by hashes so that a change shows."""
