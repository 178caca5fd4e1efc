"""Something back for waiting: vouchers by rule, each code given once."""
