from luton2040.accounts import User
from luton2040.editions import Edition
from luton2040.vision import Vision

__all__ = ["Edition", "User", "Vision"]
