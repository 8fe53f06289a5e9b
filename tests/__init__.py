"""Tests, in the folders of their rooms."""
