"""The words of the faces and of every message, in Russian and English."""
