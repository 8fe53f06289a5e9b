"""What if: a desk of its own plays events in virtual time, by the real rules, and sends nothing."""
