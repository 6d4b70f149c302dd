"""What one command of `unitbot` does; the commands themselves are in bot/cli.py."""
