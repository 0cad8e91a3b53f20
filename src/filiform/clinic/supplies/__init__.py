"""Needle products, lots and packs, sharps containers and needlestick injuries."""
