"""What came in, as it came: kept first, processed in order, never lost."""
