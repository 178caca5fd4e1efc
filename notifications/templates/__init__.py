"""A merchant's own words: Liquid with our variables and blocks, kept by version.

`variables` is the table of what may be named, `liquid` reads and fills, `blocks` are our own
tags, `checking` says what is wrong before it is saved, `spoken` gives the parts of a message,
`keeping` is the only writer of the rows.
"""
