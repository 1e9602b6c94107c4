"""The oracle, the networks of the conformance suite and the suite itself, for every backend."""
