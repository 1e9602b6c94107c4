"""What a run leaves behind: spikes, state, digests, metadata, files and pictures."""
