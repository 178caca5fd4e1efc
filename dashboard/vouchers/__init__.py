"""Vouchers for waiting: rules, codes, who was given one."""
