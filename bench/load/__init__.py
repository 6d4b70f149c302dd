"""`make load`: many units meet at once in one workspace that holds the bot to Slack's tiers."""
