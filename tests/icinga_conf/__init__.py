"""The drop-in on the Icinga node."""
