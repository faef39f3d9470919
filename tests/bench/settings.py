"""The site's own settings, but static files go to the bench's folder, and there is a bare page to compare with."""

import os

from luton2040.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
STATIC_ROOT = os.environ["STATIC_ROOT"]
