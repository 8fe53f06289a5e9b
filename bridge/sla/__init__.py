"""What was promised about a ticket, when the promise runs, and how it ended."""
