"""What parcels taught us about time: counted, fitted, and turned into one distribution.

Pure numpy, no rows. `tracking.learning` brings the parcels of all merchants, and
`edd.backtest` those of a file: the arithmetic is the same.
"""
