from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0014_messages_due_by_merchant'),
    ]

    operations = [
        # What was settled before is told to nobody.
        migrations.AddField(
            model_name='message',
            name='reported',
            field=models.CharField(blank=True, db_default='before', default='before', max_length=10),
        ),
        migrations.AlterField(
            model_name='message',
            name='reported',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ('sent', 'delivered', 'failed')), models.Q(('reported', models.F('state')), _negated=True), models.Q(('reported', 'before'), _negated=True)), fields=['id'], name='message_unreported'),
        ),
        migrations.RemoveConstraint(
            model_name='webhookdelivery',
            name='webhook_once',
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'change', 'webhook_id'), name='webhook_once'),
        ),
    ]
