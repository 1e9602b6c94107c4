"""Text to plain data with positions: one module per syntax, and what the syntaxes share."""
