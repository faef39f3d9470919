from luton2040.accounts import User
from luton2040.audit import Entry
from luton2040.editions import Edition
from luton2040.hold import Hold
from luton2040.vision import Vision

__all__ = ["Edition", "Entry", "Hold", "User", "Vision"]
