"""Mounts everything. Imported by manage.py, the servers, tests and benchmarks only."""
