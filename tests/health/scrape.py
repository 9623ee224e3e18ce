"""What Prometheus makes of a page of figures."""

import urllib.request
from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, tuple[tuple[str, str], ...]]


class Scrape:
    """One page, read with the library's own parser."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.families = {family.name: family for family in text_string_to_metric_families(page)}
        self._samples: Mapping[Sample, float] = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: object) -> float:
        """Return the value of one sample; ``dispatch_`` is left out."""
        where = tuple(sorted((key, str(value)) for key, value in labels.items()))
        return self._samples[f"dispatch_{name}", where]

    def has(self, name: str) -> bool:
        return f"dispatch_{name}" in self.families


def scrape(port: int) -> Scrape:
    """Read the figures of the process behind a port of its own."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return Scrape(answer.read().decode())
