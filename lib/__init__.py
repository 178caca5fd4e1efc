"""Row 0: what every app may use. Knows no app and holds no models."""
