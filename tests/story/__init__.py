"""Stories: a real Icinga with our drop-in, a real Bridge, and a phone that is an HTTP sink."""
