"""The reference work R1 in SimPy: three processes an item. Prints what it found and how long it took, as JSON.

Usage: simpy_r1.py ITEMS WARM_DAYS DAYS
"""

import json
import random
import sys
import time

import simpy

FLIPS, POLLS, SEARCHES = 2.0, 4.0, 20.0


class Item:
    """One stay, its copy, and what was measured of it."""

    __slots__ = ("env", "warm", "open", "held", "since", "right", "false_available", "searches", "wrong", "events")

    def __init__(self, env, warm, rng, per_day):
        self.env, self.warm = env, warm
        self.open = rng.random() < 0.5
        self.held = None
        self.since = 0.0
        self.right = self.false_available = 0.0
        self.searches = self.wrong = self.events = 0
        env.process(self.flips(rng))
        env.process(self.polls(rng.random() / POLLS))
        env.process(self.looks(rng, per_day))

    def passed(self):
        """Time has passed with the same answer and the same truth."""
        now, since = self.env.now, max(self.since, self.warm)
        if now > since:
            if self.held is None or self.held == self.open:
                self.right += now - since
            elif self.held:
                self.false_available += now - since
        self.since = now

    def flips(self, rng):
        while True:
            yield self.env.timeout(rng.expovariate(FLIPS))
            self.events += 1
            self.passed()
            self.open = not self.open

    def polls(self, phase):
        yield self.env.timeout(phase)
        while True:
            self.events += 1
            self.passed()
            self.held = self.open
            yield self.env.timeout(1.0 / POLLS)

    def looks(self, rng, per_day):
        while True:
            yield self.env.timeout(rng.expovariate(per_day))
            self.events += 1
            if self.held is None:
                self.passed()
                self.held = self.open
            if self.env.now >= self.warm:
                self.searches += 1
                self.wrong += self.held != self.open


def main(items, warm, days):
    env = simpy.Environment()
    rng = random.Random(1)
    weights = [1.0 / rank for rank in range(1, items + 1)]
    mean = sum(weights) / items
    all_items = [Item(env, warm, rng, SEARCHES * weight / mean) for weight in weights]
    began = time.perf_counter()
    env.run(until=warm + days)
    took = time.perf_counter() - began
    for item in all_items:
        item.passed()
    total = items * days
    print(
        json.dumps(
            {
                "events": sum(item.events for item in all_items),
                "seconds": took,
                "accuracy": sum(item.right for item in all_items) / total,
                "false_available": sum(item.false_available for item in all_items) / total,
                "search_accuracy": 1 - sum(item.wrong for item in all_items) / sum(item.searches for item in all_items),
                "python": sys.version.split()[0],
                "simpy": simpy.__version__,
            }
        )
    )


main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
