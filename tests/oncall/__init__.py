"""Tests of the room that knows who is on call."""
