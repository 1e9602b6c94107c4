"""Golden files: what a description gave once, written beside it, and checked from then on."""
