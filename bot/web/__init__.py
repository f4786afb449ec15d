"""The bot's web side: how pages are served, where Telegram delivers updates, how the bot is doing."""
