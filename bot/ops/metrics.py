"""What the bot counts about itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.domain.messages import Backlog

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Metrics:
    """One set with a registry of its own. Counters are counted where things happen; what the database knows is set
    by `rendered`, when somebody asks."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.updates = Counter("tutor_updates", "Updates taken, by kind", ["kind"], registry=registry)
        self.failures = Counter("tutor_failures", "Updates whose handler failed", registry=registry)
        self.deliveries = Counter("tutor_replies", "Messages delivered or edited", registry=registry)
        self.turn_seconds = Histogram(
            "tutor_reply_seconds",
            "From an update's arrival to its committed turn, waiting included",
            buckets=SECONDS,
            registry=registry,
        )
        self.inbox = Gauge("tutor_inbox_waiting", "Updates not dealt with", registry=registry)
        self.outbox = Gauge("tutor_outbox_waiting", "Messages not delivered", registry=registry)
        self.outbox_age = Gauge("tutor_outbox_oldest_seconds", "Age of the oldest of them", registry=registry)
        self.runs = Gauge("tutor_runs", "Runs in the database, by outcome", ["outcome"], registry=registry)

    def rendered(self, backlog: Backlog, outcomes: Mapping[str, int], now: float) -> bytes:
        """Everything in Prometheus' text format."""
        self.inbox.set(backlog.inbox)
        self.outbox.set(backlog.outbox)
        self.outbox_age.set(backlog.age(now))
        self.runs.clear()
        for outcome in ("queued", "running", "finished"):
            self.runs.labels(outcome).set(0)
        for outcome, count in outcomes.items():
            self.runs.labels(outcome).set(count)
        return generate_latest(self.registry)
