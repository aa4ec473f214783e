"""Outgoing calls: whom an agent may call, and the tokens that stand for numbers no desk ever sees."""
