"""Everything random or combinatorial that happens before step 0, made once, as arrays."""
