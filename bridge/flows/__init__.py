"""What happens when: every flow calls the rooms by name, in order, in one transaction."""
