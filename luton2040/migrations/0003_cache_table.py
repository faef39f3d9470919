from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor):
    """For the cache that settings.py keeps in the database; nothing where it is kept elsewhere."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('luton2040', '0002_desk'),
    ]

    operations = [
        migrations.RunPython(create_table, migrations.RunPython.noop),
    ]
