"""Logs, metrics, alerts, health."""
