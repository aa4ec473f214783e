"""Masking: what is left of a customer's value, and finding such values in free text. Pure: it reads and stores nothing.

`formats` has the masks by the names that a policy uses, `free_text` finds and masks values in notes, chat, scripts and
comments, and `python -m server.masking.measure` says how much it finds and how often it is wrong.
"""
