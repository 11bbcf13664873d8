#!/usr/bin/env python3
"""Reads every #include of the tree and fails on a forbidden direction.

    includes.py ROOT           checks the tree at ROOT
    includes.py --self-check   checks this script against small made-up trees

A failure names the file and line, and says in one sentence why.
"""

import pathlib
import re
import sys
import tempfile
from typing import NamedTuple


class Place(NamedTuple):
    """A folder or file, and what of the project it may include besides itself."""
    path: str
    may_include: tuple
    why: str


class Library(NamedTuple):
    """Somebody else's headers, and where they may be included."""
    name: str
    pattern: str
    only_in: tuple
    why: str


BASE = "daemon/base/"
CRYPTO = "daemon/crypto/"
WIRE = "daemon/wire/"
ETCD = "daemon/store/etcd/"
EVERYTHING = ("",)

# The longest path that matches a file is its place.
PLACES = (
    Place("blueprint/", (CRYPTO, BASE),
          "documents are text that becomes a catalog, whatever daemon serves it"),
    Place("policies/", ("blueprint/", BASE),
          "a decision is a pure function of the catalog and the facts given to it"),
    Place(BASE, (),
          "everything stands on base, so base stands on nothing of ours"),
    Place(CRYPTO, (BASE,),
          "digests, keys and sealing know nothing of what they protect"),
    Place("daemon/jose/", (CRYPTO, BASE),
          "a token is verified by bytes and keys alone, wherever they came from"),
    Place("daemon/http/", (CRYPTO, BASE),
          "the network client carries requests and knows none of them"),
    Place("daemon/store/", (CRYPTO, BASE),
          "a store keeps sealed rows and cannot know what they mean"),
    Place(ETCD, ("daemon/store/", CRYPTO, BASE),
          "a fleet's store is another store, and speaks to etcd for itself"),
    Place("daemon/audit/", (CRYPTO, BASE),
          "the record is written from plain values, so that every part can be recorded"),
    Place("daemon/attest/", ("blueprint/", BASE),
          "who is calling is found from the connection before anything is parsed"),
    Place("daemon/oauth/", ("blueprint/", "daemon/jose/", "daemon/http/", CRYPTO, BASE),
          "a dialect talks to a provider and neither decides, records nor answers"),
    Place("daemon/metrics/", ("daemon/oauth/", "daemon/http/", "daemon/audit/", "blueprint/", BASE),
          "numbers are counted round the parts, so that no part knows that it is counted"),
    Place("daemon/traces/", ("daemon/oauth/", "daemon/audit/", "blueprint/", CRYPTO, BASE),
          "spans are taken round the parts, and given to whoever sends them"),
    Place("daemon/broker/",
          ("policies/", "blueprint/", "daemon/oauth/", "daemon/jose/", "daemon/audit/",
           "daemon/store/", "daemon/attest/", CRYPTO, BASE),
          "the use case must not depend on how it is reached"),
    Place(WIRE, ("policies/", "blueprint/", BASE),
          "messages and values are turned into each other the same way on both sides of a socket"),
    Place("daemon/rpc/",
          ("daemon/broker/", "daemon/attest/", "policies/", "blueprint/", "daemon/audit/", WIRE,
           CRYPTO, BASE),
          "the gRPC edge translates for the broker and goes round it to no provider or store"),
    Place("daemon/cli/", ("blueprint/", "policies/", "daemon/store/", "daemon/audit/", WIRE, CRYPTO,
                           BASE),
          "the operator's tool is a client of the daemon, mends its state and reads its record"),
    Place("daemon/wiring", EVERYTHING,
          "wiring is the one place that names concrete classes together"),
    Place("daemon/process/", ("daemon/audit/", BASE),
          "the process knows its environment, signals and log, and nothing that it serves"),
    Place("daemon/main.cc", ("daemon/wiring.h", "daemon/process/", BASE),
          "main reads flags and serves; what serves is put together in wiring"),
    Place("daemon/wiping_free.cc", ("daemon/process/sanitized.h",),
          "what every allocation goes through depends on nothing that allocates"),
    Place("tests/", EVERYTHING,
          "tests may look at everything"),
)

LIBRARIES = (
    Library("gRPC", r"(grpc|grpcpp|grpc\+\+)/|.*\.grpc\.pb\.h$", ("daemon/rpc/", "daemon/cli/", ETCD),
            "gRPC ends at the edge, so that no callback or status of it goes further in"),
    Library("Protobuf", r"google/|.*\.pb\.h$", ("daemon/rpc/", "daemon/cli/", "daemon/traces/", WIRE, ETCD),
            "messages of the wire end at the edge, so that the wire can change alone"),
    Library("OpenSSL", r"openssl/", (CRYPTO, "daemon/jose/", "daemon/http/"),
            "cryptography is reviewed in one place"),
    Library("libyaml", r"yaml\.h$", ("blueprint/",),
            "only the loader reads YAML, under its strict pass"),
    Library("simdjson", r"simdjson", ("daemon/jose/",),
            "only jose parses JSON, with its checks for duplicates and depth"),
    Library("Boost", r"boost/", ("daemon/http/", "tests/idp/"),
            "Boost serves HTTP and nothing else"),
    Library("prometheus-cpp", r"prometheus/", ("daemon/metrics/",),
            "how numbers are told is known where they are counted, and nowhere else"),
    Library("libcurl", r"curl/", ("daemon/http/",),
            "only the network client speaks to the network"),
    Library("libseccomp", r"seccomp\.h$", ("daemon/process/",),
            "what the process may ask of the kernel is decided where the process is"),
    Library("spdlog", r"(spdlog|fmt)/",
            ("daemon/rpc/", "daemon/broker/", "daemon/oauth/", "daemon/http/", "daemon/attest/",
             "daemon/process/"),
            "what holds secrets or decides writes no log"),
    Library("test libraries", r"(gtest|gmock|benchmark)/", (),
            "only tests test"),
)
# Even tests keep these to their places.
STRICT_LIBRARIES = ("Boost",)

# What makes a function of documents and facts depend on more than those.
IMPURE = re.compile(r"daemon/base/(clock|executor|task|cancel|single_flight)\.h$|absl/time/clock\.h$"
                    r"|(sys/socket|netdb|poll)\.h$|(netinet|arpa)/|(chrono|thread|random)$")
PURE = ("blueprint/", "policies/")

# base is what everything stands on: it grows by decision, not by habit.
BASE_FILES = {
    "bounded_cache.h", "cancel.cc", "cancel.h", "clock.h", "descriptor.h", "error.cc", "error.h", "executor.cc",
    "executor.h", "length_prefixed.h", "reason.cc", "reason.h", "secret_string.cc", "secret_string.h",
    "single_flight.h", "task.h", "timer.cc", "timer.h",
}

SYSTEM = re.compile(r"[a-z0-9_]+(\.h)?$|(sys|arpa|netinet|linux|sanitizer)/[a-z0-9_]+\.h$")
ABSEIL = re.compile(r"absl/")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include(?:_next)?[ \t]*(?:"([^"]*)"|<([^>]*)>|(\S.*))', re.M)
SOURCES = (".h", ".cc")
SKIPPED = re.compile(r"\.|build|__pycache__")


def place_of(path):
    matching = [place for place in PLACES if path.startswith(place.path)]
    return max(matching, key=lambda place: len(place.path), default=None)


def library_of(header):
    return next((lib for lib in LIBRARIES if re.match(lib.pattern, header)), None)


def in_any(path, prefixes):
    return any(path.startswith(prefix) for prefix in prefixes)


def said(prefixes):
    return " and ".join(prefix.rstrip("/") for prefix in prefixes) or "nothing else of the project"


def why_not_library(path, library):
    exempt = in_any(path, ("tests/", "daemon/wiring")) and library.name not in STRICT_LIBRARIES
    if exempt or in_any(path, library.only_in):
        return None
    where = "only in " + said(library.only_in) if library.only_in else "only in tests"
    return f"{library.name} {where}: {library.why}"


def why_not_project(path, header, place):
    if header.startswith("tests/") and not path.startswith("tests/"):
        return "nothing includes tests: what is delivered does not depend on how it is tested"
    if header.startswith(place.path) or in_any(header, place.may_include):
        return None
    return f"{place.path.rstrip('/')} includes {said(place.may_include)} only: {place.why}"


def why_not(path, header, angled, root):
    """Why `path` may not include `header`; None when it may."""
    if path.startswith(PURE) and IMPURE.match(header):
        return "blueprint and policies are pure: they know no clock, network, chance or thread"
    library = library_of(header)
    if library:
        return why_not_library(path, library)
    if ABSEIL.match(header):
        return None
    if (root / header).is_file():
        return why_not_project(path, header, place_of(path))
    if angled and SYSTEM.match(header):
        return None
    return "there is no such file: includes start at the root, and libraries are listed here"


def without_comments(text):
    """Block comments become blank lines; line comments cannot hold an include."""
    return re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), text, flags=re.S)


def check_file(root, path):
    if place_of(path) is None:
        yield f"{path}: no rule covers this folder: give it its place in {pathlib.Path(__file__).name}"
        return
    if path.startswith(BASE) and path[len(BASE):] not in BASE_FILES:
        yield f"{path}: base is a closed list of files: put this where it is used, or list it here"
    text = without_comments((root / path).read_text(encoding="utf-8"))
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        quoted, angled, computed = match.groups()
        header = quoted or angled
        reason = ("an include that is a macro cannot be followed" if computed else
                  why_not(path, header, angled is not None, root))
        if reason:
            yield f"{path}:{line}: includes {header or computed}: {reason}"


def sources(root):
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix in SOURCES and not any(SKIPPED.match(part) for part in parts):
            yield "/".join(parts)


def check_tree(root):
    paths = list(sources(root))
    failures = [failure for path in paths for failure in check_file(root, path)]
    failures += [f"{BASE}{name}: base is a closed list of files: this one is listed and missing"
                 for name in sorted(BASE_FILES) if not (root / BASE / name).is_file()]
    return len(paths), failures


# Self-check: each tree is {path: text}; the failures are given by a part of
# each, in order.
COMPLETE_BASE = {BASE + name: "" for name in BASE_FILES}

ALLOWED = {
    "blueprint/load.h": '#include <yaml.h>\n#include "daemon/base/error.h"\n#include <vector>\n',
    "policies/decide.cc": '#include "blueprint/load.h"\n#include "absl/time/time.h"\n',
    "daemon/crypto/seal.h": "#include <openssl/evp.h>\n#include <sys/types.h>\n",
    "daemon/http/client.h": "#include <curl/curl.h>\n#include <boost/asio.hpp>\n",
    "daemon/jose/jwt.h": '#include <simdjson.h>\n#include "daemon/crypto/seal.h"\n',
    "daemon/oauth/entra.h": '#include "daemon/http/client.h"\n#include "blueprint/load.h"\n',
    "daemon/audit/log.h": '#include "daemon/crypto/seal.h"\n',
    "daemon/broker/broker.h": '#include "daemon/oauth/entra.h"\n#include "daemon/audit/log.h"\n',
    "daemon/rpc/service.cc":
        '#include <grpcpp/server.h>\n#include "behalf/v1/a.grpc.pb.h"\n'
        '#include "daemon/broker/broker.h"\n#include "spdlog/spdlog.h"\n',
    "daemon/metrics/page.h": '#include <prometheus/registry.h>\n#include "daemon/audit/log.h"\n',
    "daemon/wire/terms.h":
        '#include "behalf/v1/a.pb.h"\n#include "policies/decide.cc"\n#include "blueprint/load.h"\n',
    "daemon/cli/main.cc": '#include "daemon/wire/terms.h"\n#include "google/rpc/status.pb.h"\n#include "policies/decide.cc"\n',
    "daemon/wiring.h": "#include <memory>\n",
    "daemon/wiring.cc":
        '#include "daemon/wiring.h"\n#include <grpcpp/server.h>\n#include "daemon/audit/log.h"\n',
    "daemon/main.cc": '#include "daemon/wiring.h"\n#include "daemon/base/clock.h"\n'
                      '#include "absl/flags/flag.h"\n#include <csignal>\n',
    "tests/idp/server.cc": "#include <boost/asio.hpp>\n#include <gtest/gtest.h>\n",
    "tests/daemon/x_test.cc": '#include "tests/idp/server.cc"\n#include <openssl/evp.h>\n',
}

FORBIDDEN = (
    ("blueprint/a.cc", '#include "daemon/audit/log.h"\n', ["blueprint includes daemon/crypto"]),
    ("blueprint/a.cc", '#include "policies/decide.cc"\n', ["blueprint includes"]),
    ("blueprint/a.cc", '#include "daemon/base/clock.h"\n', ["are pure"]),
    ("policies/a.cc", '#include "daemon/crypto/seal.h"\n', ["policies includes blueprint"]),
    ("policies/a.cc", '#include "absl/time/clock.h"\n', ["are pure"]),
    ("policies/a.cc", "#include <chrono>\n", ["are pure"]),
    ("daemon/base/clock.h", '#include "daemon/crypto/seal.h"\n', ["base stands on nothing"]),
    ("daemon/base/text.h", "", ["closed list"]),
    ("daemon/crypto/a.h", '#include "daemon/jose/jwt.h"\n', ["daemon/crypto includes"]),
    ("daemon/jose/a.h", '#include "daemon/http/client.h"\n', ["daemon/jose includes"]),
    ("daemon/jose/a.h", '#include "blueprint/load.h"\n', ["daemon/jose includes"]),
    ("daemon/http/a.h", "#include <simdjson.h>\n", ["simdjson only in daemon/jose"]),
    ("daemon/store/a.h", '#include "daemon/audit/log.h"\n', ["daemon/store includes"]),
    ("daemon/audit/a.h", '#include "blueprint/load.h"\n', ["daemon/audit includes"]),
    ("daemon/audit/a.h", "#include <openssl/sha.h>\n", ["OpenSSL only in daemon/crypto"]),
    ("daemon/attest/a.h", '#include "daemon/broker/broker.h"\n', ["daemon/attest includes"]),
    ("daemon/oauth/a.h", '#include "policies/decide.cc"\n', ["daemon/oauth includes"]),
    ("daemon/oauth/a.h", "#include <curl/curl.h>\n", ["libcurl only in daemon/http"]),
    ("daemon/broker/a.h", '#include "daemon/rpc/service.cc"\n', ["daemon/broker includes"]),
    ("daemon/broker/a.h", '#include "daemon/http/client.h"\n', ["daemon/broker includes"]),
    ("daemon/broker/a.h", "#include <grpcpp/server.h>\n", ["gRPC only in"]),
    ("daemon/broker/a.h", '#include "behalf/v1/a.pb.h"\n', ["Protobuf only in"]),
    ("daemon/rpc/a.h", '#include "daemon/oauth/entra.h"\n', ["daemon/rpc includes"]),
    ("daemon/rpc/a.h", '#include "daemon/wiring.h"\n', ["daemon/rpc includes"]),
    ("daemon/cli/a.h", '#include "daemon/broker/broker.h"\n', ["daemon/cli includes"]),
    ("daemon/wire/a.h", '#include "daemon/broker/broker.h"\n', ["daemon/wire includes"]),
    ("daemon/wire/a.h", "#include <grpcpp/server.h>\n", ["gRPC only in"]),
    ("daemon/broker/a.h", '#include "daemon/wire/terms.h"\n', ["daemon/broker includes"]),
    ("daemon/cli/a.h", "#include <yaml.h>\n", ["libyaml only in blueprint"]),
    ("daemon/main.cc", '#include "daemon/rpc/service.cc"\n', ["daemon/main.cc includes"]),
    ("daemon/main.cc", "#include <grpcpp/server.h>\n", ["gRPC only in"]),
    ("daemon/wiring.cc", '#include "tests/idp/server.cc"\n', ["nothing includes tests"]),
    ("daemon/jose/a.h", "#include <gtest/gtest.h>\n", ["only in tests"]),
    ("tests/daemon/a.cc", "#include <boost/beast.hpp>\n", ["Boost only in"]),
    ("daemon/jose/a.h", '#include "jwt.h"\n', ["no such file"]),
    ("daemon/jose/a.h", '#include "jose/jwt.h"\n', ["no such file"]),
    ("daemon/jose/a.h", "#include <folly/String.h>\n", ["no such file"]),
    ("daemon/jose/a.h", "#include HEADER\n", ["cannot be followed"]),
    ("daemon/metrics/a.h", '#include "daemon/broker/broker.h"\n', ["daemon/metrics includes"]),
    ("daemon/broker/a.h", '#include "daemon/metrics/page.h"\n', ["daemon/broker includes"]),
    ("daemon/http/a.h", "#include <prometheus/registry.h>\n", ["prometheus-cpp only in"]),
    ("daemon/rpc/a.h", "#include <seccomp.h>\n", ["libseccomp only in"]),
    ("extra/a.cc", "", ["no rule covers"]),
    ("build/a.cc", '#include "nowhere/b.h"\n', []),
    ("daemon/jose/a.h", '/*\n#include "daemon/http/client.h"\n*/\n', []),
    ("daemon/jose/a.h", '// #include "daemon/http/client.h"\n', []),
    ("daemon/jose/a.h", '\n  #  include  "daemon/http/client.h"\n', ["daemon/jose/a.h:2: "]),
    ("daemon/jose/a.h", '/*\n\n*/\n#include "daemon/http/client.h"\n', ["daemon/jose/a.h:4: "]),
)


def failures_of(tree):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in tree.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return check_tree(root)[1]


def self_check():
    good = {**COMPLETE_BASE, **ALLOWED}
    cases = [("the allowed tree", good, [])]
    cases += [(f"{path}: {text!r}", {**good, path: text}, parts) for path, text, parts in FORBIDDEN]
    incomplete = {path: text for path, text in good.items() if path != BASE + "task.h"}
    cases.append(("a base without task.h", incomplete, ["listed and missing"]))
    wrong = []
    for name, tree, parts in cases:
        failures = failures_of(tree)
        if len(failures) != len(parts) or any(p not in f for p, f in zip(parts, failures)):
            wrong.append(f"{name}: expected {parts}, got {failures}")
    return len(cases), wrong


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    if arguments[0] == "--self-check":
        (count, failures), what = self_check(), "trees"
    else:
        (count, failures), what = check_tree(pathlib.Path(arguments[0])), "files"
    print("\n".join(failures) or f"{count} {what}, no failure")
    sys.exit(1 if failures or count == 0 else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
