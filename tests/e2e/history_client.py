"""Asks several daemons without pause, and notes each question with its beginning and its end.

Its arguments are the folder of the generated stubs, a role, how many at once, and the folders of
the daemons. The first line it reads is a JSON object: of agents {user: token}, of operators
{name of a target: the target}. The second ends it: it prints what it noted, a list of objects, in
one line. Times are those of the clock that all processes share.
"""

import importlib
import json
import os
import random
import sys
import threading
import time

STUBS, ROLE, COUNT, *FOLDERS = sys.argv[1:]
sys.path.insert(0, STUBS)

import google  # noqa: E402
import grpc  # noqa: E402

google.__path__.append(STUBS + "/google")

from google.protobuf import json_format  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402

PAUSE = 0.02  # not to take the whole machine
LONGEST = 12  # seconds for an answer
HELD = (1, 9)  # seconds that something is revoked: longer than a replica may be unaware
FREE = (1, 5)
OPTIONS = [("grpc.use_local_subchannel_pool", 1)]  # a connection of its own for every channel

over = threading.Event()


def module(name):
    return importlib.import_module(f"behalf.v1.{name}")


def reason_of(error):
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                return error_details_pb2.ErrorInfo.FromString(detail.value).reason
    return error.code().name


class Asker(threading.Thread):
    def __init__(self, given, number):
        super().__init__(daemon=True)
        self.given, self.number = given, number
        self.noted = []
        self.chance = random.Random(number)
        self.stubs = {}

    def stub(self, replica, socket, service, stubs):
        """One for each thread, as another connection is another caller."""
        if (replica, service) not in self.stubs:
            channel = grpc.insecure_channel(f"unix:{FOLDERS[replica]}/{socket}.sock", OPTIONS)
            self.stubs[replica, service] = getattr(module(stubs), service + "Stub")(channel)
        return self.stubs[replica, service]

    def any_replica(self):
        return self.chance.randrange(len(FOLDERS))

    def ask(self, method, request, **noted):
        """The answer; None where there was none."""
        begin, answer, reason = time.monotonic(), None, ""
        try:
            answer = method(request, timeout=LONGEST)
        except grpc.RpcError as error:
            reason = reason_of(error)
        self.noted.append({"begin": begin, "end": time.monotonic(), "reason": reason, **noted})
        return answer


class Agent(Asker):
    """That is its own tool: it redeems each handle at two replicas."""

    def run(self):
        broker, tool = module("token_broker_pb2"), module("tool_tokens_pb2")
        while not over.wait(PAUSE):
            user, token = self.chance.choice(sorted(self.given.items()))
            who = {"subject_token": token, "agent": "invoice-bot"}
            at = self.any_replica()
            stub = self.stub(at, "agents", "TokenBroker", "token_broker_pb2_grpc")
            noted = {"replica": at, "user": user}
            request = broker.GetTokenRequest(**who, api="expenses")
            self.ask(stub.GetToken, request, what="GetToken", **noted)
            request = broker.CreateHandleRequest(**who, api="graph", tool="own-hands")
            created = self.ask(stub.CreateHandle, request, what="CreateHandle", **noted)
            if created is None:
                continue
            for at in self.chance.sample(range(len(FOLDERS)), 2):
                stub = self.stub(at, "tools", "ToolTokens", "tool_tokens_pb2_grpc")
                request = tool.RedeemHandleRequest(handle=created.handle)
                noted = {"replica": at, "user": user, "handle": created.decision_id}
                self.ask(stub.RedeemHandle, request, what="RedeemHandle", **noted)


class Operator(Asker):
    """Takes one thing back and gives it back again, wherever somebody does it."""

    def run(self):
        admin = module("admin_pb2")
        self.target, target = sorted(self.given.items())[self.number]
        order = {"target": target, "reason": "a drill"}
        revoke = json_format.ParseDict(order, admin.RevokeRequest())
        restore = json_format.ParseDict(order, admin.RestoreRequest())
        while not over.wait(self.chance.uniform(*FREE)):
            self.until_done("Revoke", revoke)
            over.wait(self.chance.uniform(*HELD))
            self.until_done("Restore", restore)

    def until_done(self, method, request):
        """What failed may have been done all the same, and then cannot be done again."""
        unsure = False
        while not over.is_set():
            at = self.any_replica()
            stub = self.stub(at, "admin", "Admin", "admin_pb2_grpc")
            noted = {"what": method, "target": self.target, "replica": at}
            if self.ask(getattr(stub, method), request, **noted) is not None:
                return
            if unsure and self.noted[-1]["reason"] == "REQUEST_INVALID":
                return
            unsure = unsure or self.noted[-1]["reason"] != "REQUEST_INVALID"


def end_at_once(failure):
    """Of any thread: else its silence would look like an idle fleet."""
    threading.__excepthook__(failure)
    os._exit(1)


def main():
    threading.excepthook = end_at_once
    given = json.loads(sys.stdin.readline())
    role = {"agents": Agent, "operators": Operator}[ROLE]
    askers = [role(given, number) for number in range(int(COUNT))]
    for asker in askers:
        asker.start()
    sys.stdin.readline()
    over.set()
    for asker in askers:
        asker.join()
    print(json.dumps([note for asker in askers for note in asker.noted]), flush=True)


main()
