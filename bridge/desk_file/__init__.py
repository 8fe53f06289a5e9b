"""The desk file: who is served, by whom, when and on which terms, as text."""
