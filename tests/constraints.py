"""That it is this very constraint which refuses."""

import pytest
from django.db import IntegrityError, transaction


def refused(model, name, make):
    """Runs `make` and makes sure that it was this constraint that refused it."""
    constraint = next(c for c in model._meta.constraints if c.name == name)
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        make()
    message = str(raised.value)
    # SQLite names the columns of a broken unique constraint instead of the constraint.
    columns = [model._meta.get_field(f).column for f in getattr(constraint, "fields", ())]
    assert name in message or columns and all(f"{model._meta.db_table}.{c}" in message for c in columns), message


def ids(cases):
    return [pytest.param(*case[:-1], id=case[-1]) for case in cases]
