import django.db.models.functions.datetime
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def leave_open(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Who was invited before and never came in is still invited."""
    members = apps.get_model("merchants", "Membership")
    members.objects.filter(user__verified_at__isnull=True).update(accepted_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0003_people_and_shops_come_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='accepted_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='invited_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=120),
        ),
        migrations.RunPython(leave_open, migrations.RunPython.noop),
    ]
