"""Who is told about an order besides its buyer: shown, named, taken off on its page."""
