"""Which processes are alive, as the database knows it."""
