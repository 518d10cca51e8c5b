"""Byte-level BPE: trained, compared, extended by other languages."""
