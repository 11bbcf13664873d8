"""The Dockerfile, as far as it can be judged without building its image."""

import pathlib
import platform
import re
import subprocess

import pytest

import packages
from places import BEHALF, BEHALFD, BIN, DEPLOY

FILE = DEPLOY / "container/Dockerfile"


def stages():
    """The text of each stage, in order."""
    text = FILE.read_text().replace("\\\n", " ")
    text = "".join(line + "\n" for line in text.splitlines() if not line.startswith("#"))
    return re.split(r"^(?=FROM )", text, flags=re.M)[1:]


def test_the_image_of_the_build_is_not_the_one_that_runs():
    build, image = stages()
    assert build.startswith("FROM debian:12-slim AS build\n")
    assert image.startswith("FROM debian:12-slim\n")
    assert re.findall(r"^COPY --from=(\S+) (\S+) (\S+)", image, re.M) == [("build", "/image/", "/")]


def test_packages_come_from_the_one_list():
    build, image = stages()
    assert "apt-get" not in build + image
    assert re.findall(r"install-packages +([a-z ]+?) *(?:&&|\n)", build) == ["build"]
    assert re.findall(r"install-packages +([a-z ]+?) *(?:&&|\n)", image) == ["container"]


def test_it_runs_as_nobody_in_particular_and_without_a_shell():
    image = stages()[-1]
    assert re.search(r"^USER (\d+):(\d+)$", image, re.M).groups() == ("65532", "65532")
    assert re.search(r'^ENTRYPOINT \["/usr/bin/behalfd"\]$', image, re.M)
    assert re.search(r"^CMD \[", image, re.M)


def test_the_build_installs_both_programs_where_the_image_has_them(tmp_path):
    command = re.search(r"DESTDIR=/image cmake --install /build (.*)", stages()[0])[1].split()
    command = [word for word in command if word != "--strip"]  # which takes its time
    subprocess.run(["cmake", "--install", BIN, *command], check=True, capture_output=True,
                   env={"DESTDIR": str(tmp_path), "PATH": "/usr/bin:/bin"})
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {"usr/bin/behalfd", "usr/bin/behalf"} <= installed


@pytest.mark.skipif("bookworm" not in pathlib.Path("/etc/os-release").read_text()
                    or platform.machine() != "x86_64",
                    reason="the list names the libraries of Debian 12")
def test_the_image_has_the_libraries_that_the_programs_are_linked_with():
    wanted = packages.linked(BEHALFD) | packages.linked(BEHALF)
    read = {"ca-certificates", "tzdata"}
    assert packages.section("container") == wanted | read
