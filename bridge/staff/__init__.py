"""Our own people: who they are, how to reach them, and what the desk is called."""
