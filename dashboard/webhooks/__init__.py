"""Merchants' webhooks in the dashboard: endpoints, how they do, and what was sent."""
