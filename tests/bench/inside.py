"""Runs a module of the bench with Django set up: python -m tests.bench.inside scale shown"""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(f"tests.bench.{sys.argv[1]}").main(*sys.argv[2:])
