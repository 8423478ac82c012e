"""What the bill formats share: columns found, rows cut, values proved, doubts told, rows written."""
