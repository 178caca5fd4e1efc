"""The shop's own domains: where its pages are, what to set in the DNS, and how that stands."""
