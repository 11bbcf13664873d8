"""The systemd units: systemd's own judgement, and what it does not judge."""

import re
import shutil
import subprocess

import pytest

import packages
import units
from places import BEHALF, BEHALFD, DEPLOY, UNITS

SERVICE = UNITS / "behalfd.service"
SOCKETS = sorted(UNITS.glob("*.socket"))
MOST_EXPOSED = 2.0


@pytest.fixture
def installed(tmp_path):
    """The units as on a host, but that the programs are those of this build."""
    for unit in (SERVICE, *SOCKETS):
        text = unit.read_text().replace("/usr/bin/behalfd", str(BEHALFD))
        (tmp_path / unit.name).write_text(text)
    return sorted(tmp_path.iterdir())


def systemd_analyze(*arguments):
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *map(str, arguments)], capture_output=True, text=True
    )


def test_systemd_finds_nothing_wrong_with_the_units(installed):
    done = systemd_analyze("verify", "--man=no", *installed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_does_find_a_key_that_it_does_not_know(installed):
    with open(installed[1], "a") as unit:
        unit.write("\n[Service]\nNoSuchKey=yes\n")
    assert "NoSuchKey" in systemd_analyze("verify", "--man=no", *installed).stderr


def exposure(unit):
    done = systemd_analyze("security", "--offline=yes", unit)
    return float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)[1])


def test_the_service_is_hardly_exposed(installed):
    service = next(unit for unit in installed if unit.suffix == ".service")
    assert exposure(service) <= MOST_EXPOSED


def test_exposure_is_measured(installed):
    service = next(unit for unit in installed if unit.suffix == ".service")
    kept = [line for line in service.read_text().splitlines() if not line.startswith("Protect")]
    service.write_text("\n".join(kept))
    assert exposure(service) > MOST_EXPOSED


def test_callers_stay_visible_and_secrets_in_memory():
    service = units.service(SERVICE)
    assert service["PrivateUsers"] == "no"
    assert service["LimitCORE"] == "0"
    assert service["LimitMEMLOCK"] == "infinity"
    assert service["MemorySwapMax"] == "0"
    assert service["Type"] == "notify"
    assert "DynamicUser" not in service


def test_the_sample_set_names_what_the_units_hand_over():
    daemon = (DEPLOY / "examples/systemd/daemon.yaml").read_text()
    wanted = set(re.findall(r"^ *systemd: (\S+)", daemon, re.MULTILINE))
    handed = {units.settings(unit)["Socket", "FileDescriptorName"][0] for unit in SOCKETS}
    assert wanted == handed == {"admin", "agents"}
    inherited = units.service(SERVICE)["Sockets"].split()
    assert sorted(inherited) == [unit.name for unit in SOCKETS]
    assert f"file: /var/log/{units.service(SERVICE)['LogsDirectory']}/" in daemon
    assert f"stateDirectory: /var/lib/{units.service(SERVICE)['StateDirectory']}\n" in daemon


def test_the_sample_set_loads():
    done = subprocess.run(
        [BEHALF, "blueprint", "validate", "--no-host", DEPLOY / "examples/systemd"],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_package_that_judges_is_listed():
    assert shutil.which("systemd-analyze")
    assert "systemd" in packages.section("test")
