"""The watchdog of shops' webhooks: how many orders to expect, and when silence is improbable."""
