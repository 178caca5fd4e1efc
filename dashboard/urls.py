"""Addresses of the dashboard, under `/app/`.

The fixed words come first: no merchant's slug is one of them (`dashboard.setup.slugs`).
"""

from __future__ import annotations

from django.urls import path

from dashboard import (
    audit_log,
    carrier_connect,
    carriers,
    cash,
    codes,
    explain,
    feed,
    home,
    keys,
    message_log,
    message_search,
    order_page,
    orders,
    page_access,
    publishable_keys,
    quarantine,
    sign_in,
    stores,
    team,
)
from dashboard.addresses import correcting as address_correcting
from dashboard.addresses import policy
from dashboard.answers.settings import answer_settings
from dashboard.channels import changing as channel_changing
from dashboard.channels import pages as channel_pages
from dashboard.dates import backtest, disruptions, line_pages, rules_page, why
from dashboard.dates import calendars as date_calendars
from dashboard.embedding import pages as embedding
from dashboard.flows import calming, dry_runs, editor, journey, switching, usage
from dashboard.imports import listing as import_listing
from dashboard.imports import mapping as import_mapping
from dashboard.imports import running as import_running
from dashboard.look_urls import LOOK
from dashboard.order_people import changing as order_people
from dashboard.parcels import adding, carrier_picker, correcting, sandbox
from dashboard.people import joining, passwords, sign_up
from dashboard.registered_texts import pages as registered_texts
from dashboard.reports import attempts_page, dates_page, feedback_page
from dashboard.setup import look_step, message_step, previews, shop_step, walk
from dashboard.shops import connecting, consent, shop_page, shop_settings
from dashboard.suppressed import changing as suppressed_changing
from dashboard.suppressed import listing as suppressed_listing
from dashboard.templates import approval, editing, listing, previewing, price_list, versions
from dashboard.vouchers import pages as vouchers
from dashboard.webhooks import changes as webhook_changes
from dashboard.webhooks import delivery_page, endpoint_page
from dashboard.webhooks import form as webhook_form
from dashboard.webhooks import listing as webhook_listing

app_name = "dashboard"

_M = "<slug:merchant>/"
_REGISTERED = f"{_M}messages/registered/<int:registeredtext_id>/"
_HOOK = f"{_M}settings/webhooks/<int:webhookendpoint_id>/"
_SENT = f"{_M}settings/webhooks/sent/<int:webhookdelivery_id>/"
_TEXT = f"{_M}messages/texts/<slug:topic>/<slug:channel>/<slug:language>/"

urlpatterns = [
    path("", sign_in.entry, name="entry"),
    path("login/", sign_in.sign_in, name="login"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("language/", sign_in.change_language, name="language"),
    path("join/<int:member_id>/<str:token>/", joining.join, name="join"),
    path("signup/", sign_up.sign_up, name="signup"),
    path("signup/again/", sign_up.again, name="signup_again"),
    path("confirm/<int:user_id>/<str:token>/", sign_up.confirm, name="confirm"),
    path("password/", passwords.forgot, name="password"),
    path("password/<int:user_id>/<str:token>/", passwords.choose, name="password_new"),
    path("connect/<slug:platform>/back/", consent.come_back, name="store_back"),
    path("new/", shop_step.new, name="new"),
    path("new/country/", shop_step.new_country, name="new_country"),
    path("new/preview/", previews.new_preview, name="new_preview"),
    path(f"{_M}", home.home, name="home"),
    path(f"{_M}orders/", orders.orders, name="orders"),
    path(f"{_M}orders/search/", orders.search, name="order_search"),
    path(f"{_M}orders/new/", adding.add, name="parcel_new"),
    path(f"{_M}orders/new/carrier/", adding.detected, name="parcel_detect"),
    path(f"{_M}orders/sandbox/", sandbox.sandbox_parcel, name="sandbox_parcel"),
    path(f"{_M}orders/import/", import_listing.imports, name="imports"),
    path(f"{_M}orders/import/sample.csv", import_listing.sample, name="import_sample"),
    path(f"{_M}orders/import/<int:import_id>/", import_running.show, name="import"),
    path(
        f"{_M}orders/import/<int:import_id>/columns/",
        import_mapping.mapping,
        name="import_mapping",
    ),
    path(f"{_M}orders/import/<int:import_id>/read/", import_mapping.read_again, name="import_read"),
    path(
        f"{_M}orders/import/<int:import_id>/discard/",
        import_mapping.discard,
        name="import_discard",
    ),
    path(
        f"{_M}orders/import/<int:import_id>/refused.csv",
        import_running.refused,
        name="import_refused",
    ),
    path(f"{_M}orders/import/<int:import_id>/undo/", import_running.undo, name="import_undo"),
    path(
        f"{_M}orders/import/<int:import_id>/again/", import_running.try_again, name="import_again"
    ),
    path(f"{_M}orders/<int:order_id>/", order_page.order, name="order"),
    path(
        f"{_M}orders/<int:order_id>/address/",
        address_correcting.correct_address,
        name="address",
    ),
    path(
        f"{_M}orders/<int:order_id>/address/score/",
        address_correcting.address_score,
        name="address_score",
    ),
    path(
        f"{_M}orders/<int:order_id>/people/<str:role>/",
        order_people.person_put,
        name="person_put",
    ),
    path(
        f"{_M}orders/<int:order_id>/people/<str:role>/off/",
        order_people.person_take_off,
        name="person_take_off",
    ),
    path(f"{_M}orders/<int:order_id>/links/close/", page_access.close_links, name="links_close"),
    path(f"{_M}orders/<int:order_id>/parcels/", orders.parcel_add, name="parcel_add"),
    path(f"{_M}parcels/<int:shipment_id>/carrier/", correcting.carrier, name="parcel_carrier"),
    path(f"{_M}parcels/<int:shipment_id>/fields/", correcting.fields, name="parcel_fields"),
    path(f"{_M}parcels/<int:shipment_id>/why/", why.why, name="parcel_why"),
    path(f"{_M}messages/", message_log.messages, name="messages"),
    path(f"{_M}messages/search/", message_search.message_search, name="message_search"),
    path(f"{_M}messages/tries/", dry_runs.message_tries, name="message_tries"),
    path(f"{_M}messages/tries/<int:run_id>/", dry_runs.message_try, name="message_try"),
    path(f"{_M}messages/usage/", usage.message_usage, name="message_usage"),
    path(f"{_M}messages/usage.csv", usage.message_usage_csv, name="message_usage_csv"),
    path(f"{_M}messages/rules.csv", usage.message_rules_csv, name="message_rules_csv"),
    path(f"{_M}messages/rules/", journey.message_rules, name="message_rules"),
    path(f"{_M}messages/rules/calm/", calming.message_calm, name="message_calm"),
    path(f"{_M}messages/rules/new/<slug:topic>/", editor.rule_new, name="rule_new"),
    path(f"{_M}messages/rules/<slug:rule>/", editor.rule, name="rule"),
    path(f"{_M}messages/rules/<slug:rule>/switch/", switching.rule_switch, name="rule_switch"),
    path(f"{_M}messages/rules/<slug:rule>/remove/", editor.rule_remove, name="rule_remove"),
    path(f"{_M}messages/answers/", answer_settings, name="answer_settings"),
    path(f"{_M}messages/texts/", listing.templates, name="templates"),
    path(f"{_M}messages/prices/", price_list.message_prices, name="message_prices"),
    path(
        f"{_M}messages/prices/<int:price_id>/remove/",
        price_list.message_price_remove,
        name="message_price_remove",
    ),
    path(_TEXT, editing.template_edit, name="template_edit"),
    path(f"{_TEXT}preview/", previewing.template_preview, name="template_preview"),
    path(f"{_TEXT}check/", previewing.template_check, name="template_check"),
    path(f"{_TEXT}test/", editing.template_test, name="template_test"),
    path(f"{_TEXT}ours/", editing.template_ours, name="template_ours"),
    path(f"{_TEXT}approval/", approval.template_hand_in, name="template_hand_in"),
    path(
        f"{_M}messages/texts/<slug:language>/approval/",
        approval.templates_hand_in,
        name="templates_hand_in",
    ),
    path(f"{_TEXT}<int:version>/", versions.template_version, name="template_version"),
    path(f"{_M}messages/channels/", channel_pages.channels, name="channels"),
    path(f"{_M}messages/channels/<slug:channel>/", channel_pages.channel, name="channel"),
    path(
        f"{_M}messages/channels/<slug:channel>/through/<slug:provider>/",
        channel_changing.account,
        name="channel_account",
    ),
    path(
        f"{_M}messages/channels/<slug:channel>/switch/",
        channel_changing.switch_channel,
        name="channel_switch",
    ),
    path(
        f"{_M}messages/channels/<slug:channel>/try/",
        channel_changing.try_channel,
        name="channel_test",
    ),
    path(
        f"{_M}messages/channels/<slug:channel>/look/",
        channel_changing.check_domain,
        name="channel_check",
    ),
    path(
        f"{_M}messages/channels/<slug:channel>/remove/",
        channel_changing.leave_account,
        name="channel_leave",
    ),
    path(f"{_M}messages/confirmations/", message_step.answer, name="confirmations"),
    path(f"{_M}messages/suppressed/", suppressed_listing.suppressions, name="suppressions"),
    path(
        f"{_M}messages/suppressed.csv", suppressed_listing.suppressions_csv, name="suppressions_csv"
    ),
    path(
        f"{_M}messages/suppressed/add/", suppressed_changing.suppression_add, name="suppression_add"
    ),
    path(
        f"{_M}messages/suppressed/<int:suppression_id>/remove/",
        suppressed_changing.suppression_remove,
        name="suppression_remove",
    ),
    path(f"{_M}messages/<int:message_id>/", order_page.message, name="message"),
    path(
        f"{_M}messages/<int:message_id>/preview/",
        order_page.message_preview,
        name="message_preview",
    ),
    path(f"{_M}reports/dates/", dates_page.dates, name="report_dates"),
    path(f"{_M}reports/dates.csv", dates_page.dates_csv, name="report_dates_csv"),
    path(f"{_M}reports/feedback/", feedback_page.feedback, name="report_feedback"),
    path(f"{_M}reports/feedback.csv", feedback_page.feedback_csv, name="report_feedback_csv"),
    path(f"{_M}reports/feedback/cases/", feedback_page.feedback_policy, name="feedback_policy"),
    path(f"{_M}reports/attempts/", attempts_page.attempts, name="report_attempts"),
    path(f"{_M}reports/attempts.csv", attempts_page.attempts_csv, name="report_attempts_csv"),
    path(f"{_M}answers/<int:answer_id>/", order_page.answer, name="answer"),
    path(f"{_M}carriers/", carriers.carriers, name="carriers"),
    path(f"{_M}carriers/names/", carrier_picker.names, name="carrier_names"),
    path(f"{_M}carriers/connect/", carrier_connect.choose, name="carrier_choose"),
    path(f"{_M}carriers/connect/<slug:slug>/", carrier_connect.connect, name="carrier_connect"),
    path(f"{_M}carriers/code/", codes.code, name="code"),
    path(f"{_M}carriers/quarantine/", quarantine.quarantine, name="quarantine"),
    path(f"{_M}scans/<int:event_id>/", explain.scan, name="scan"),
    path(f"{_M}scans/<int:event_id>/ruling/", quarantine.rule_scan, name="scan_rule"),
    path(f"{_M}carriers/<int:account_id>/", carriers.carrier, name="carrier"),
    path(
        f"{_M}carriers/<int:account_id>/credentials/",
        carrier_connect.credentials,
        name="carrier_credentials",
    ),
    path(f"{_M}carriers/<int:account_id>/try/", carriers.try_key, name="carrier_try"),
    path(f"{_M}carriers/<int:account_id>/switch/", carriers.switch, name="carrier_switch"),
    path(f"{_M}carriers/<int:account_id>/remove/", carriers.remove, name="carrier_remove"),
    path(f"{_M}stores/", stores.stores, name="stores"),
    path(f"{_M}stores/connect/", connecting.choose, name="store_choose"),
    path(f"{_M}stores/connect/<slug:platform>/", connecting.connect, name="store_connect"),
    path(f"{_M}stores/<int:store_id>/", shop_page.store, name="store"),
    path(f"{_M}stores/<int:store_id>/feed/", feed.feed, name="store_feed"),
    path(f"{_M}stores/<int:store_id>/again/", connecting.connect_again, name="store_again"),
    path(f"{_M}stores/<int:store_id>/now/", shop_page.look_now, name="store_now"),
    path(f"{_M}stores/<int:store_id>/older/", shop_page.older, name="store_older"),
    path(f"{_M}stores/<int:store_id>/settings/", shop_settings.settings, name="store_settings"),
    path(f"{_M}stores/<int:store_id>/secret/", stores.secret, name="store_secret"),
    path(f"{_M}stores/<int:store_id>/disconnect/", stores.disconnect, name="store_disconnect"),
    path(
        f"{_M}stores/<int:store_id>/webhooks/<int:delivery_id>/",
        stores.delivery,
        name="delivery",
    ),
    path(
        f"{_M}stores/<int:store_id>/webhooks/<int:delivery_id>/replay/",
        stores.delivery_replay,
        name="delivery_replay",
    ),
    path(f"{_M}dates/calendars/", date_calendars.calendars, name="dates_calendars"),
    path(f"{_M}dates/calendars/add/", date_calendars.calendar_add, name="dates_calendar_add"),
    path(
        f"{_M}dates/calendars/<int:merchantdayrule_id>/remove/",
        date_calendars.calendar_remove,
        name="dates_calendar_remove",
    ),
    path(f"{_M}messages/registered/", registered_texts.texts, name="texts"),
    path(f"{_M}messages/registered/new/", registered_texts.new, name="text_new"),
    path(f"{_M}messages/registered/countries/", registered_texts.text_rules, name="text_rules"),
    path(_REGISTERED, registered_texts.text, name="text"),
    path(f"{_REGISTERED}answer/", registered_texts.text_answer, name="text_answer"),
    path(f"{_REGISTERED}remove/", registered_texts.text_remove, name="text_remove"),
    path(f"{_M}messages/vouchers/", vouchers.vouchers, name="vouchers"),
    path(f"{_M}messages/vouchers/new/", vouchers.new, name="voucher_new"),
    path(f"{_M}messages/vouchers/<int:voucherrule_id>/", vouchers.edit, name="voucher"),
    path(
        f"{_M}messages/vouchers/<int:voucherrule_id>/codes/", vouchers.codes, name="voucher_codes"
    ),
    path(f"{_M}dates/", rules_page.dates, name="dates"),
    path(f"{_M}dates/save/", rules_page.save, name="dates_save"),
    path(f"{_M}dates/order/", rules_page.order, name="dates_order"),
    path(f"{_M}dates/handling/new/", line_pages.handling_new, name="dates_handling_new"),
    path(f"{_M}dates/handling/<int:handlingrule_id>/", line_pages.handling, name="dates_handling"),
    path(
        f"{_M}dates/handling/<int:handlingrule_id>/remove/",
        line_pages.handling_remove,
        name="dates_handling_remove",
    ),
    path(f"{_M}dates/lanes/new/", line_pages.lane_new, name="dates_lane_new"),
    path(f"{_M}dates/lanes/<int:lanedays_id>/", line_pages.lane, name="dates_lane"),
    path(
        f"{_M}dates/lanes/<int:lanedays_id>/remove/",
        line_pages.lane_remove,
        name="dates_lane_remove",
    ),
    path(f"{_M}dates/backtest/", backtest.backtest, name="dates_backtest"),
    path(f"{_M}dates/backtest/<int:test_id>/", backtest.run, name="dates_backtest_run"),
    path(f"{_M}dates/disruptions/", disruptions.disruptions, name="dates_disruptions"),
    path(f"{_M}dates/disruptions/new/", disruptions.new, name="dates_disruption_new"),
    path(
        f"{_M}dates/disruptions/<int:merchantdisruption_id>/",
        disruptions.edit,
        name="dates_disruption",
    ),
    path(
        f"{_M}dates/disruptions/<int:merchantdisruption_id>/end/",
        disruptions.end_now,
        name="dates_disruption_end",
    ),
    path(
        f"{_M}dates/slow/<int:slowness_id>/dismiss/",
        disruptions.slow_dismiss,
        name="dates_slow_dismiss",
    ),
    path(f"{_M}settings/addresses/", policy.addresses, name="addresses"),
    path(f"{_M}settings/page-access/", page_access.page_access, name="page_access"),
    path(f"{_M}settings/cash/", cash.cash, name="cash"),
    path(f"{_M}settings/team/", team.team, name="team"),
    path(f"{_M}settings/team/add/", team.member_add, name="member_add"),
    path(f"{_M}settings/team/<int:member_id>/", team.member_change, name="member_change"),
    path(f"{_M}settings/keys/", keys.keys, name="keys"),
    path(f"{_M}settings/keys/<int:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path(f"{_M}settings/keys/pages/", publishable_keys.new, name="publishable_new"),
    path(
        f"{_M}settings/keys/pages/<int:publishablekey_id>/",
        publishable_keys.one,
        name="publishable",
    ),
    path(
        f"{_M}settings/keys/pages/<int:publishablekey_id>/replace/",
        publishable_keys.replace,
        name="publishable_replace",
    ),
    path(
        f"{_M}settings/keys/pages/<int:publishablekey_id>/revoke/",
        publishable_keys.revoke,
        name="publishable_revoke",
    ),
    path(f"{_M}settings/embed/", embedding.date, name="embed"),
    path(f"{_M}settings/embed/order/", embedding.order, name="embed_order"),
    path(f"{_M}settings/embed/order/frame/", embedding.frame, name="embed_frame"),
    path(f"{_M}settings/embed/lookup/", embedding.lookup, name="embed_lookup"),
    path(f"{_M}settings/embed/app/", embedding.app, name="embed_app"),
    path(f"{_M}settings/webhooks/", webhook_listing.webhooks, name="webhooks"),
    path(f"{_M}settings/webhooks/new/", webhook_form.new, name="webhook_new"),
    path(_HOOK, endpoint_page.webhook, name="webhook"),
    path(f"{_HOOK}change/", webhook_form.edit, name="webhook_edit"),
    path(f"{_HOOK}test/", webhook_changes.test, name="webhook_test"),
    path(f"{_HOOK}secret/", webhook_changes.secret, name="webhook_secret"),
    path(f"{_HOOK}switch/", webhook_changes.switch, name="webhook_switch"),
    path(f"{_HOOK}missed/", webhook_changes.missed, name="webhook_missed"),
    path(f"{_HOOK}again/", webhook_changes.again, name="webhook_again"),
    path(f"{_HOOK}remove/", webhook_changes.remove, name="webhook_remove"),
    path(_SENT, delivery_page.delivery, name="webhook_delivery"),
    path(f"{_SENT}replay/", delivery_page.delivery_replay, name="webhook_replay"),
    *LOOK,
    path(f"{_M}audit/", audit_log.audit, name="audit"),
    path(f"{_M}setup/", walk.resume, name="setup"),
    path(f"{_M}setup/preview/", previews.setup_preview, name="setup_preview"),
    path(f"{_M}setup/country/", shop_step.country, name="setup_country"),
    path(f"{_M}setup/tone/", look_step.tone, name="setup_tone"),
    path(f"{_M}setup/mail/", message_step.mail, name="setup_mail"),
    path(f"{_M}setup/mail/frame/", message_step.part, name="setup_message_part"),
    path(f"{_M}setup/done/", walk.done, name="setup_done"),
    path(f"{_M}setup/end/", walk.end, name="setup_end"),
    path(f"{_M}setup/dismiss/", walk.dismiss, name="setup_dismiss"),
    path(f"{_M}setup/<slug:step>/", walk.step, name="setup_step"),
    path(f"{_M}setup/<slug:step>/skip/", walk.skip, name="setup_skip"),
]
