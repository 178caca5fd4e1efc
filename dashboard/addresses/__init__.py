"""Addresses: what an order's lacks, correcting it, and what a shop wants asked."""
