"""What the bot costs: `make bench` (docs/bench.md)."""
