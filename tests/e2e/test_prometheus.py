"""A real Prometheus reads the daemon, and knows every number that a panel or an alert names."""

import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
import yaml
from conftest import SOURCE
from metrics import Numbers, free_address, scrape
from processes import Process
from waiting import eventually

RULES = SOURCE / "deploy/prometheus/behalf.rules.yml"
ALERTS = SOURCE / "tests/deploy/alerts"
DASHBOARD = SOURCE / "deploy/grafana/behalf.json"
STARTING = 503
METRIC = re.compile(r"\bbehalf_[a-z_]+")


def panels():
    """The expressions of the dashboard, as Grafana would send them."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "1m")
            yield panel["title"], expression.replace("$instance", ".*")


def alerts():
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


class Prometheus:
    def __init__(self, folder, target):
        self.address = free_address()
        config = {
            "global": {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "2s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [{"job_name": "behalf", "static_configs": [{"targets": [target]}]}],
        }
        folder.mkdir()
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        argv = [
            "prometheus", f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data", f"--web.listen-address={self.address}",
        ]
        self.process = Process("prometheus", argv, folder / "prometheus.log")

    def get(self, path, **parameters):
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == STARTING:
                return None
            raise
        except urllib.error.URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                return None
            raise

    def result(self, expression):
        return (self.get("query", query=expression) or {}).get("result")


@pytest.fixture(scope="module")
def measured(new_stage, new_provider):
    provider = new_provider()
    stage = new_stage(provider)
    stage.metrics = free_address()
    documents = stage.documents(metrics=stage.metrics)
    documents[0]["spec"]["audit"]["anchors"] = [{"file": str(stage.folder / "heads.jsonl")}]
    found = next(d for d in documents if d["metadata"]["name"] == "invoice-assistant")
    found["spec"]["credential"]["secret"]["expiresAt"] = "2036-01-01T00:00:00Z"
    stage.start(documents)
    yield stage
    stage.stop()


@pytest.fixture(scope="module")
def prometheus(root, measured):
    server = Prometheus(root / "prometheus", measured.metrics)
    eventually("it was scraped", lambda: server.result('up{job="behalf"} == 1'))
    yield server
    server.process.stop()


def act(stage):
    """A hit, an exchange and a refusal, so that rates are of something."""
    token = stage.provider.token("alice")
    stage.expenses(token)
    stage.expenses(token)
    ask = {"subject_token": token, "agent": "invoice-bot", "api": "expenses"}
    stage.agent.refused("SCOPE_NOT_ALLOWED", "GetToken", **ask, scopes=["Expenses.Approve"])


def test_every_panel_shows_something(measured, prometheus):
    act(measured)
    eventually("the first was scraped", lambda: prometheus.result("behalf_exchanges_total"))
    act(measured)
    silent = set(panels())
    assert len(silent) > 15

    def all_speak():
        silent.difference_update(
            [panel for panel in silent if speaks(prometheus.result(panel[1]))]
        )
        return not silent

    try:
        eventually("every panel shows something", all_speak, seconds=30)
    finally:
        assert not silent


def speaks(result):
    return result and any(sample["value"][1] != "NaN" for sample in result)


def test_every_expression_is_answered_and_names_what_there_is(measured, prometheus):
    act(measured)
    numbers = Numbers(scrape(measured.metrics))
    known = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _, _ in numbers.series}
    for title, expression in [*panels(), *alerts().items()]:
        assert prometheus.result(expression) is not None, (title, expression)
        for name in METRIC.findall(expression):
            assert re.sub(r"_(bucket|sum|count)$", "", name) in known, (title, name)


def test_every_metric_is_on_the_dashboard_or_alerted_of(measured):
    shown = {name for _, expression in panels() for name in METRIC.findall(expression)}
    shown |= {name for expression in alerts().values() for name in METRIC.findall(expression)}
    shown = {re.sub(r"_bucket$", "", name) for name in shown}
    assert Numbers(scrape(measured.metrics)).types().keys() - shown == NOT_SHOWN


# What is only for looking up.
NOT_SHOWN = {"behalf_cache_entries", "behalf_signing_keys"}


def test_the_rules_are_loaded_and_nothing_fires_where_all_is_well(prometheus):
    (group,) = prometheus.get("rules")["groups"]
    assert {rule["name"] for rule in group["rules"]} == alerts().keys()
    evaluated = lambda: all(  # noqa: E731
        rule["health"] == "ok" for rule in prometheus.get("rules")["groups"][0]["rules"]
    )
    eventually("all were evaluated", evaluated)
    firing = {alert["labels"]["alertname"] for alert in prometheus.get("alerts")["alerts"]}
    assert not firing


def test_promtool_accepts_the_rules():
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried_out_quiet_and_loud():
    files = {path.stem: path for path in ALERTS.iterdir()}
    assert files.keys() == alerts().keys()
    for name, path in files.items():
        (case,) = yaml.safe_load(path.read_text())["tests"]
        tried = [(test["alertname"], bool(test["exp_alerts"])) for test in case["alert_rule_test"]]
        assert {(name, False), (name, True)} == set(tried)
    done = subprocess.run(
        ["promtool", "test", "rules", *files.values()], capture_output=True, text=True, cwd=ALERTS
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_tells_what_to_do_about_every_alert():
    page = (SOURCE / "docs/metrics.md").read_text()
    assert set(re.findall(r"^\| `(Behalf\w+)` \|", page, re.M)) == alerts().keys()
