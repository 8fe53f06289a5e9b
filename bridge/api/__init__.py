"""The REST API for programs."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the API to the application."""
