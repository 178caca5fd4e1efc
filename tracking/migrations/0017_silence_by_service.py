from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tracking.gap_givers import NOBODY, mark_of
from tracking.gap_tables import Node


def keep_what_was_learned(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of the counts so far how many scans they hold, and whose they are.

    Nobody wrote down which merchants they came from. With one merchant on the installation they
    are that one's; with several, a lane is closed until enough of them are seen there again.
    """
    merchants = list(apps.get_model("merchants", "Merchant").objects.values_list("pk")[:2])
    rows = apps.get_model("tracking", "GapCount").objects.all()
    for row in rows.iterator(500):
        node = Node(row.carrier, row.lane, row.stage)
        mark = mark_of(merchants[0][0], node) if len(merchants) == 1 else NOBODY
        row.scans = sum(row.counts["day_scans"])
        row.givers = {mark: row.counted_until.date().isoformat()}
        row.save(update_fields=["scans", "givers"])


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0004_invitations_are_accepted'),
        ('tracking', '0016_redating_and_told_dates'),
    ]

    operations = [
        migrations.AddField(
            model_name='shipment',
            name='usual_silence',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='gapcount',
            name='service',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='gapcount',
            name='scans',
            field=models.FloatField(db_default=0),
        ),
        migrations.AddField(
            model_name='gapcount',
            name='givers',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.RemoveConstraint(
            model_name='gapcount',
            name='gap_count_once',
        ),
        migrations.AddConstraint(
            model_name='gapcount',
            constraint=models.UniqueConstraint(fields=('carrier', 'lane', 'stage', 'service'), name='gap_count_once'),
        ),
        migrations.RunPython(keep_what_was_learned, migrations.RunPython.noop),
    ]
