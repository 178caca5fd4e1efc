"""Dates: what a merchant decides about them, and why a parcel has the one it has."""
