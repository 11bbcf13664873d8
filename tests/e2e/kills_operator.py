"""An operator in a hurry, in a process of its own.

Its arguments are the folder of the generated stubs, the socket of admins, and
how many do the same at once. Every line it reads is a JSON list of targets,
[kind, name]: from then on it revokes and restores them at random, each at one
hand only, until nobody answers. It says what it did in one line: a list of
[number of the target, "revoke" or "restore", what came of it]: "done",
"absent" (there was nothing to restore) or "unknown".
"""

import concurrent.futures
import importlib
import json
import random
import sys

STUBS, ADMIN, THREADS = sys.argv[1:]
sys.path.insert(0, STUBS)

import grpc  # noqa: E402

OPTIONS = [("grpc.use_local_subchannel_pool", 1)]

admin = importlib.import_module("behalf.v1.admin_pb2")
admin_grpc = importlib.import_module("behalf.v1.admin_pb2_grpc")
messages = importlib.import_module("behalf.v1.revocation_pb2")


def change(stub, what, target):
    """What came of it, and whether somebody answered."""
    kind, name = target
    named = messages.RevocationTarget(kind=f"REVOCATION_KIND_{kind}", name=name)
    try:
        if what == "revoke":
            stub.Revoke(admin.RevokeRequest(target=named, reason="a drill"), timeout=5)
        else:
            stub.Restore(admin.RestoreRequest(target=named), timeout=5)
    except grpc.RpcError as refusal:
        if refusal.code() is grpc.StatusCode.INVALID_ARGUMENT and what == "restore":
            return "absent", True
        return "unknown", False
    return "done", True


def operate(targets):
    done, answered = [], True
    with grpc.insecure_channel("unix:" + ADMIN, options=OPTIONS) as channel:
        stub = admin_grpc.AdminStub(channel)
        while answered and targets:
            number, target = random.choice(targets)
            what = random.choice(["revoke", "restore"])
            outcome, answered = change(stub, what, target)
            done.append([number, what, outcome])
    return done


def main():
    hands = int(THREADS)
    with concurrent.futures.ThreadPoolExecutor(hands) as pool:
        for line in sys.stdin:
            targets = list(enumerate(json.loads(line)))
            done = pool.map(operate, (targets[hand::hands] for hand in range(hands)))
            print(json.dumps([one for of_one in done for one in of_one]), flush=True)


main()
