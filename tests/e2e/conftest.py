"""Starts what the tests need, shows the logs where one fails, removes it all."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

pytest.register_assert_rewrite("daemon", "processes", "stage")

import documents  # noqa: E402
import stage as stages  # noqa: E402
from clients import Clients  # noqa: E402
from identity_provider import IdentityProvider  # noqa: E402
from processes import Process  # noqa: E402
from waiting import BEHALF, BEHALF_IDP, BEHALFD  # noqa: E402
from witness import Secrets  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LINES_SHOWN = 12

def pytest_configure(config):
    config.addinivalue_line("markers", "root: needs root, to run clients of several accounts")
    config.addinivalue_line("markers", "last: runs after all others")
    for program in (BEHALFD, BEHALF, BEHALF_IDP):
        if not program.is_file():
            pytest.exit(f"{program} is missing: BEHALF_BIN must be the folder of a build", 2)


def pytest_collection_modifyitems(items):
    """What needs root is skipped without; the search for secrets comes last."""
    for item in items:
        if item.get_closest_marker("root") and not documents.ROOT:
            item.add_marker(pytest.mark.skip(reason="needs root, for clients of other accounts"))
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if not report.failed:
        return
    for process in Process.running:
        tail = "\n".join(process.log_text().splitlines()[-LINES_SHOWN:])
        if tail:
            report.sections.append((f"{process.name}: {process.log}", tail))


@pytest.fixture(scope="session")
def secrets():
    return Secrets()


@pytest.fixture(scope="session")
def root():
    """Everything lies in here; other accounts can enter."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="behalf-e2e."))
    folder.chmod(0o755)
    yield folder
    for process in list(Process.running):
        process.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stubs(root):
    folder = root / "stubs"
    folder.mkdir()
    proto = SOURCE / "proto"
    files = [str(path.relative_to(proto)) for path in proto.rglob("*.proto")]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{proto}"]
    command += [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    subprocess.run(command + files, check=True)
    return folder


@pytest.fixture(scope="session")
def clients(root, stubs):
    return Clients(root, stubs)


@pytest.fixture(scope="session")
def new_provider(root, secrets):
    """Makes identity providers; `change` may edit the tenant."""
    made = []

    def make(**options):
        folder = root / f"idp-{len(made)}"
        source = SOURCE / "tests/idp/contoso.yaml"
        made.append(IdentityProvider(folder, source, **{"secrets": secrets, **options}))
        return made[-1]

    yield make
    for provider in made:
        provider.stop()


@pytest.fixture(scope="session")
def provider(new_provider):
    return new_provider()


@pytest.fixture(scope="session")
def new_stage(root, clients, secrets, provider):
    """Makes stages whose daemon is not started yet."""
    made = []
    errors = stages.rows_of_errors(SOURCE)

    def make(of_provider=None):
        folder = root / f"stage-{len(made)}"
        folder.mkdir()
        made.append(stages.Stage(folder, clients, secrets, errors, of_provider or provider))
        return made[-1]

    yield make
    for stage in made:
        stage.stop()


@pytest.fixture(scope="session")
def stage(new_stage):
    """The daemon that most tests share."""
    return new_stage().start()


@pytest.fixture(scope="session")
def alice(provider):
    return provider.token("alice")


@pytest.fixture
def fresh_alice(provider):
    """A token that the daemon has never seen."""
    return provider.token("alice")
