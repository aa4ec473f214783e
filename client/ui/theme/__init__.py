"""The design system: colours, type and space as tokens, and what is built from them."""
