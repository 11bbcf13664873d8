"""The stage of the end-to-end tests, and the judges in front of it."""

import importlib.util
import os
import pathlib
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
E2E = SOURCE / "tests/e2e"

os.environ.setdefault("BEHALF_BIN", str(SOURCE / "build/dev"))
sys.path.insert(0, str(E2E))


def _of_e2e():
    """The conftest there, under a name of its own."""
    spec = importlib.util.spec_from_file_location("e2e_conftest", E2E / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


_of_e2e()
pytest.register_assert_rewrite("flows", "libraries", "parity")
from e2e_conftest import (  # noqa: E402, F401
    alice,
    clients,
    fresh_alice,
    new_provider,
    new_stage,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtest_makereport,
    root,
    secrets,
    stage,
    stubs,
)

import packages  # noqa: E402
from judge import Judge, reachable  # noqa: E402
from keys import Keys  # noqa: E402
from libraries import CELLS, LIBRARIES, SECRETS, Credentials, Tokens  # noqa: E402
from recorder import Recorder  # noqa: E402


OUTCOMES = {}  # of the tests of this run, by file and name


def pytest_runtest_logreport(report):
    """What fails or is skipped before the call counts too."""
    if report.when == "call" or not report.passed:
        OUTCOMES[report.nodeid.rpartition("/")[2]] = report.outcome


def pytest_generate_tests(metafunc):
    """The cells of the table in docs/entra.md that are the file's."""
    library = LIBRARIES.get(getattr(metafunc.module, "LIBRARY", None))
    if library and "cell" in metafunc.fixturenames:
        cells = [cell for cell in CELLS if cell.flow in library.flows]
        metafunc.parametrize("cell", cells, ids=str)


@pytest.fixture(scope="session")
def keys(root):
    return Keys(root / "keys")


@pytest.fixture(scope="session")
def provider(new_provider, keys):
    """behalf-idp, where an agent's blueprint and a middle tier have every credential."""

    def register(tenant):
        for application in [*tenant["blueprints"], *tenant["apps"]]:
            if application["id"] in SECRETS:
                keys.register(application)

    return new_provider(change=register)


@pytest.fixture(scope="session")
def workshop(root):
    """The judges' programs and the contract, where every account can read them."""
    place = root / "judges"
    shutil.copytree(HERE / "judges", place)
    shutil.copytree(SOURCE / "proto", place / "proto")
    return place


@pytest.fixture(scope="session")
def python(root):
    """An interpreter with the judges' packages."""
    return reachable(packages.python().parents[1], root) / "bin/python"


@pytest.fixture(scope="session")
def node(root, workshop):
    """Node, and the judges' packages beside their programs."""
    program = packages.node()
    modules = reachable(program.parents[2], root)
    (workshop / "node_modules").symlink_to(modules)
    return modules / program.relative_to(program.parents[2])


@pytest.fixture(scope="session")
def new_judge(request, root, workshop):
    """Makes judges out of the programs in judges/."""
    made = []

    def make(program, *arguments, account=None, **env):
        interpreter = request.getfixturevalue("python" if program.endswith(".py") else "node")
        argv = [interpreter, workshop / program, *arguments]
        made.append(Judge(program, argv, root, account, **env))
        return made[-1]

    yield make
    for judge in made:
        judge.stop()


@pytest.fixture(scope="module")
def tokens(request, new_judge, provider):
    """The library that the file is about."""
    library = LIBRARIES[request.module.LIBRARY]
    judge = new_judge(library.program, **library.environment(provider.ca_file))
    return Tokens(library, judge, provider)


@pytest.fixture(scope="session")
def credentials(provider, keys):
    return Credentials(provider, keys)


@pytest.fixture
def recorder(provider):
    recorder = Recorder(provider)
    yield recorder
    recorder.close()
