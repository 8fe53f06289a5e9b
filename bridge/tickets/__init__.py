"""Tickets and their journal: what is the matter, how urgent, and what has happened."""
