"""Bytes to rows and back: encodings, tables, workbooks, archives, documents; safe writing."""
