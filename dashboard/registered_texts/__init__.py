"""Texts that a country's registry knows, and what a text message may be in each country."""
