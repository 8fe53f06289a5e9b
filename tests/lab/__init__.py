"""Real counterparts for tests: throw-away daemons and sinks on the loopback interface."""
