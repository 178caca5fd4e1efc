"""WhatsApp opens a conversation only with words that it approved: forms of our texts with numbers
where an order's own words stand, handed in, kept in step, and filled in when they are sent."""
