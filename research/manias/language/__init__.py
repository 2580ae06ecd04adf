"""How things are said: editions of the report, numbers in words."""
