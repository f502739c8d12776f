"""The compiled part of the game: levels, rules, views, many games at once, learning in tables, planning."""
