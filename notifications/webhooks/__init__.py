"""What merchants' programs are told: signed as Standard Webhooks, tried for three days."""
