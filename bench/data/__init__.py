"""Group data: what guards the customers' data, and how fast it does."""
