from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0022_facts_for_messages'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='gift_tells',
            field=models.CharField(blank=True, choices=[('nothing', 'Nothing'), ('delivery_day', 'Delivery Day'), ('everything', 'Everything')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='recipient',
            name='is_added',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
