"""Tests of promises and clocks."""
