"""Plays Twilio and a browser's push service, for the demonstration and the tests.

A real server on this machine, with Twilio's own addresses, errors, lists and signed callbacks.
What was sent is kept, so that a page can show one shopper's phone. No Django in here.
"""
