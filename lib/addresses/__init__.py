"""Whether a courier can find somebody by an address: rules, score, words. Refuses nothing."""
