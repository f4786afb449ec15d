"""The Bot API in both directions. It knows no lesson and no class."""
