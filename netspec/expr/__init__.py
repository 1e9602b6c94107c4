"""Expressions: parsing, dimensions, folding and printing of the arithmetic in a description."""
