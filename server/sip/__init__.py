"""What a desk needs to register at the edge."""
