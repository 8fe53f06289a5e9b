"""Who is on call, who is told next, and what became of it."""
