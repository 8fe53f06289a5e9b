"""The REST API for programs."""

from bridge.api.registration import register

__all__ = ["register"]
