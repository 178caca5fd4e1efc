"""A carrier that lives on this machine: believable parcels behind real HTTP.

`scenarios` says what may happen to a parcel, `journeys` gives it dates, the `wire_*`
modules tell it in a real vendor's format, `server` serves it and is told to fail.
No Django here: it runs beside the application, and in tests in a thread.
"""
