"""The shop's own words: which are written, and the editor with its preview and its versions."""
