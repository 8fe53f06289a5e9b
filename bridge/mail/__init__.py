"""Mail: the mailboxes the desk reads."""
