"""What still has to leave: kept in the commit that caused it, delivered after it."""
