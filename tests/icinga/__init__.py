"""Tests of the icinga room."""
