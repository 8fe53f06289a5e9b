"""Tests of service hours."""
