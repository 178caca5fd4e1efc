"""The Celery app and the one list of everything periodic.

The broker is a doorbell: every piece of work is a row with a due time first, and the
periodic sweeps below find what a lost broker forgot. Results are not kept.
"""

from __future__ import annotations

import os

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.refusal import settings_or_exit

settings_or_exit()

#: A slow carrier must not hold up a webhook, nor either of them a message: a queue each. A
#: worker without `-Q` takes from all of them.
QUEUES = ("polling", "inbound", "stores", "messages", "webhooks", "default")

app = Celery("homeward", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=300,
    task_soft_time_limit=240,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=2000,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 900,
        # A dead broker must not hold up a webhook: the row is there, the sweep finds it.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "socket_connect_timeout": 1.0,
    },
    task_default_queue="default",
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
    task_routes={
        # It computes for a minute: carriers are asked meanwhile.
        "tracking.back_test": {"queue": "default"},
        "notifications.dry_run": {"queue": "default"},
        "tracking.*": {"queue": "polling"},
        "edd.*": {"queue": "polling"},
        "hooks.*": {"queue": "inbound"},
        "stores.*": {"queue": "stores"},
        "selling.*": {"queue": "stores"},
        # Merchants' slow endpoints hold up no message.
        "notifications.webhooks.*": {"queue": "webhooks"},
        "notifications.*": {"queue": "messages"},
        "dashboard.*": {"queue": "messages"},
        # Slow name servers hold up no message either.
        "merchants.look_at_domains": {"queue": "stores"},
    },
    timezone="UTC",
)
app.autodiscover_tasks()
app.autodiscover_tasks(["stores.feed", "stores.csv", "notifications.webhooks"])

_tick = settings.TICK_SECONDS
app.conf.beat_schedule = {
    # A tick that waited longer than the next one is worth nothing: it expires.
    name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1.0)}}
    for name, task, seconds in (
        ("poll carriers", "tracking.poll_due", _tick),
        ("look again at dates and silences", "tracking.review_due", max(_tick, 5.0)),
        ("say what is due", "tracking.remind_due", max(_tick, 30.0)),
        ("date parcels by new rules", "tracking.redate_due", max(_tick, 5.0)),
        # It does nothing until a day is over: looking every hour outlives restarts of the beat.
        ("judge the dates of parcels that came", "tracking.judge_dates", max(_tick, 5.0)),
        # A merchant's dates are looked at once a week; the row says when.
        ("look whether dates are kept", "tracking.guard_dates", 3600.0),
        ("learn how long parcels are silent", "tracking.learn_gaps", 3600.0),
        # The same: nights that are counted already are not counted again.
        ("learn how long parcels take", "tracking.learn_dates", 3600.0),
        ("move dates that a disruption touches", "tracking.apply_disruptions", max(_tick, 5.0)),
        ("look whether carriers’ feeds live", "tracking.watch_feeds", 60.0),
        ("look whether carriers are slow across shops", "tracking.watch_slowness", 3600.0),
        # Hours that are learned already are not learned again.
        ("learn how many orders shops send", "stores.learn_feeds", 3600.0),
        ("look whether shops’ webhooks live", "stores.watch_feeds", 60.0),
        ("tell owners what came back", "dashboard.tell_owners", 60.0),
        ("tell teams what to pass on", "dashboard.tell_of_answers", 900.0),
        ("tell owners which texts are broken", "dashboard.tell_of_broken_texts", 3600.0),
        ("renew pages whose promotions turn", "selling.turn_due", max(_tick, 15.0)),
        ("count promotions", "selling.write_counts", 60.0),
        ("forget old counts of promotions", "selling.forget_counts", 3600.0),
        ("read orders into catalogues", "selling.collect_products", max(_tick, 60.0)),
        # A shop that was counted within the day is left alone.
        ("count what is bought together", "selling.pair_products", max(_tick, 600.0)),
        ("count quotes", "edd.write_quote_counts", 60.0),
        ("forget old counts of quotes", "edd.forget_quote_counts", 3600.0),
        ("forget carriers’ raw answers", "tracking.forget_answers", 3600.0),
        ("forget the keys of requests", "stores.forget_replies", 3600.0),
        ("carry on with back-tests", "tracking.back_tests_waiting", max(_tick, 5.0)),
        ("forget back-tests", "tracking.forget_back_tests", 3600.0),
        ("carry on with dry runs", "notifications.dry_runs_waiting", max(_tick, 5.0)),
        ("forget dry runs", "notifications.forget_dry_runs", 3600.0),
        ("hand shoppers’ answers to carriers", "tracking.send_answers", _tick),
        ("ask aggregators whom they serve", "tracking.list_stale_couriers", 3600.0),
        ("work on webhooks the broker forgot", "hooks.process_waiting", max(_tick, 5.0)),
        ("set up new shops", "stores.set_up_due", min(_tick, 2.0)),
        ("take leave of shops", "stores.leave_due", max(_tick, 5.0)),
        ("fetch shops’ orders", "stores.pull_due", _tick),
        ("ask shops what changed", "stores.sweep_due", _tick),
        ("fetch orders that a webhook named", "stores.fetch_wanted", _tick),
        ("queue what shops are to hear", "stores.report_due", _tick),
        ("write at the shops", "stores.write_due", _tick),
        ("forget shops’ failed calls", "stores.forget_failures", 3600.0),
        ("carry on with imports", "stores.import_waiting", max(_tick, 5.0)),
        ("forget imports", "stores.forget_imports", 3600.0),
        # Rows that were looked at within the day are left alone.
        ("look at merchants’ sender domains", "notifications.look_at_domains", 3600.0),
        # The row says when it is looked at next.
        ("look at shops’ own domains", "merchants.look_at_domains", max(_tick, 60.0)),
        # News is written within a second; what was written rings for those who send it.
        ("write messages from changes", "notifications.compose_due", min(_tick, 1.0)),
        ("give vouchers for waiting", "notifications.give_vouchers", max(_tick, 60.0)),
        ("write planned messages", "notifications.ripen_due", _tick),
        ("hand in WhatsApp’s templates", "notifications.hand_in_whatsapp_templates", 5.0),
        ("ask how WhatsApp’s templates stand", "notifications.sync_whatsapp_templates", 60.0),
        ("send messages that are due", "notifications.deliver_due", _tick),
        ("tell by the next channel", "notifications.fail_over_due", _tick),
        # Messages wait for what shoppers saw by themselves: this is not left to a slow tick.
        ("write down who saw which page", "notifications.write_looks", min(_tick, 5.0)),
        ("forget who saw which page", "notifications.forget_looks", 3600.0),
        ("write webhooks from changes", "notifications.webhooks.queue_due", _tick),
        ("send webhooks that are due", "notifications.webhooks.send_due", _tick),
        ("forget old webhooks", "notifications.webhooks.forget", 3600.0),
    )
}
