"""Benchmarks: each prints one line of JSON, with a baseline measured in the same run."""
