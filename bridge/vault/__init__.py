"""What is secret at rest: encrypted values by name."""
