"""The calculation: SQL files, one question each, and the runners that execute them."""
