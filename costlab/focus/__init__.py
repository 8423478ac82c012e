"""FOCUS: column names and rules, charges as its rows (estimates and bills), the checker, frames for Python."""
