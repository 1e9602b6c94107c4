"""The contract of backends, and finding and choosing those that are installed."""
