"""What can go wrong, by what the caller can do about it."""


class BridgeError(Exception):
    """The parent of every error Bridge raises on purpose; its text is fit for the user."""


class NotFound(BridgeError):
    """There is no such thing; another name may help, the same one will not."""


class Refused(BridgeError):
    """The input breaks a rule; the text says which one and what to do instead."""


class Temporary(BridgeError):
    """It cannot be done now; the same call may well succeed in a while."""


class Permanent(BridgeError):
    """It cannot be done at all; a person has to look."""
