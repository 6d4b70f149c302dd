"""Plays a written meeting through the real connection and says what was kept."""
