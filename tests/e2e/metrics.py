"""The daemon's metrics, as a scrape sees them."""

import collections
import re
import socket
import urllib.request

SAMPLE = re.compile(r'^([a-z_:0-9]+)(?:\{(.*)\})? ([^ ]+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def free_address():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def scrape(address):
    """The text of the page."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return answer.read().decode()


class Numbers:
    """What one scrape said."""

    def __init__(self, page):
        self.page, self.series = page, []
        for line in page.splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = SAMPLE.match(line).groups()
            self.series.append((name, dict(LABEL.findall(labels or "")), float(value)))

    def of(self, name, **labels):
        """The sum of the series that have these labels; 0 when there is none."""
        fits = (v for n, found, v in self.series if n == name and labels.items() <= found.items())
        return sum(fits, 0.0)

    def has(self, name, **labels):
        return any(n == name and labels.items() <= found.items() for n, found, _ in self.series)

    def types(self):
        return dict(re.findall(r"^# TYPE ([^ ]+) ([a-z]+)$", self.page, re.M))

    def helps(self):
        return dict(re.findall(r"^# HELP ([^ ]+) (.*)$", self.page, re.M))

    def labels(self):
        """{family: the names of its labels}"""
        found = collections.defaultdict(set)
        for name, labels, _ in self.series:
            family = re.sub(r"_(bucket|sum|count)$", "", name)
            family = family if family in self.types() else name
            found[family] |= labels.keys() - {"le"}
        return found


class Watch:
    """By how much numbers moved since it was made."""

    def __init__(self, address):
        self.address = address
        self.before = Numbers(scrape(address))

    def moved(self, name, **labels):
        now = Numbers(scrape(self.address))
        return now.of(name, **labels) - self.before.of(name, **labels)
