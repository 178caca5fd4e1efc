import re

from django.db import migrations, models
from django.utils import timezone

#: What could stand in braces, and what it is called now.
NAMES = {
    'shop': 'shop.name', 'number': 'order.number', 'carrier': 'parcel.carrier',
    'name': 'customer.name', 'link': 'link', 'amount': 'amount', 'code': 'code',
}
BRACES = re.compile(r'(?<!\{)\{(\w+)\}(?!\})')


def as_liquid(text):
    return BRACES.sub(
        lambda found: '{{ %s }}' % NAMES[found[1]] if found[1] in NAMES else found[0], text
    )


def write_in_liquid(apps, schema_editor):
    """{shop} becomes {{ shop.name }}, and each text the first of its versions."""
    template = apps.get_model('notifications', 'Template')
    version = apps.get_model('notifications', 'TemplateVersion')
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rls.is_admin', 'true', true)")
        for row in template.objects.order_by('id'):
            row.subject, row.body = as_liquid(row.subject)[:200], as_liquid(row.body)
            row.version = 1
            row.save()
            version.objects.get_or_create(
                merchant_id=row.merchant_id, topic=row.topic, channel=row.channel,
                language=row.language, version=1,
                defaults={'subject': row.subject, 'body': row.body, 'at': timezone.now()},
            )
        cursor.execute("SELECT set_config('rls.is_admin', 'false', true)")


class Migration(migrations.Migration):
    dependencies = [('notifications', '0009_answers')]

    operations = [
        migrations.AddField(
            model_name='template',
            name='problem_told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(write_in_liquid, migrations.RunPython.noop),
    ]
