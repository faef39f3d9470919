from django.db import migrations


def copy_makers(apps, schema_editor):
    """Each version of a pledge named its organisations; now each of them has a row of its own, in the same editions."""
    PledgeVersion = apps.get_model("pledges", "PledgeVersion")
    PledgeOrganisation = apps.get_model("pledges", "PledgeOrganisation")
    PledgeOrganisation.objects.bulk_create(
        PledgeOrganisation(
            pledge_id=version.pledge_id,
            organisation_id=slug,
            position=position,
            first_edition_id=version.first_edition_id,
            last_edition_id=version.last_edition_id,
        )
        for version in PledgeVersion.objects.order_by("pk")
        for position, slug in enumerate(version.organisations, 1)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0003_register'),
    ]

    operations = [
        migrations.RunPython(copy_makers, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='pledgeversion',
            name='organisations',
        ),
    ]
