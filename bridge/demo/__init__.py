"""A provider's day on a fresh database: sample customers, Icinga's problems, pages to a browser."""
