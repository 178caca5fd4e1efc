"""What a merchant puts into its shop: pages that show it, and the texts to copy."""
