"""What is recorded of a call, and what is left out."""
