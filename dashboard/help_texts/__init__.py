"""Questions and banners: what a merchant writes to help its shoppers."""
