"""What shoppers write back: read, matched with an order, kept, answered.

A provider's words become a `Said`; `finding` says whose it is, `taking` keeps it as an `Answer` and
does what it asks for, `replying` writes back. What a person must do is the helpdesk's, which
registers itself in `receivers`.
"""
