"""Load on the daemon: an agent that is its own tool, in a process of its own.

Its arguments are the folder of the generated stubs, the sockets of agents and
tools, and how many do the same at once. The first line it reads is a JSON list
of users' tokens. From then on it gets tokens, creates handles and redeems them,
whatever becomes of the daemon: a redemption that a kill cut short is repeated
of the next one. Every further line is a JSON list of handles that others made,
which it redeems as well. It answers with one line: what it received since the
last, a list of [when, decision id, secret, handle, request id], by the clock
that all processes share; the last two say what was redeemed, and as what.
"""

import contextlib
import importlib
import itertools
import json
import random
import sys
import threading
import time
import uuid

STUBS, AGENTS, TOOLS, THREADS = sys.argv[1:]
sys.path.insert(0, STUBS)

import grpc  # noqa: E402

OPTIONS = [("grpc.use_local_subchannel_pool", 1)]  # a connection of its own for every channel
NOT_YET = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED}
REPEATED_FOR = 90  # seconds: a reservation is given up after 60

broker = importlib.import_module("behalf.v1.token_broker_pb2")
broker_grpc = importlib.import_module("behalf.v1.token_broker_pb2_grpc")
tool = importlib.import_module("behalf.v1.tool_tokens_pb2")
tool_grpc = importlib.import_module("behalf.v1.tool_tokens_pb2_grpc")


class Redemption:
    """One attempt to have a handle, named where it is to be repeated."""

    def __init__(self, handle):
        self.handle, self.request_id = handle, random.choice(["", uuid.uuid4().hex])
        self.ends = time.monotonic() + REPEATED_FOR

    def request(self):
        return tool.RedeemHandleRequest(handle=self.handle, request_id=self.request_id)


class Agent(threading.Thread):
    def __init__(self, tokens, number):
        super().__init__(daemon=True)
        self.turns = itertools.cycle(tokens[number:] + tokens[:number])
        self.received = []
        self.redemptions = []

    def run(self):
        """New channels after a failure, for old ones would wait before they connect again."""
        while True:
            with (
                grpc.insecure_channel("unix:" + AGENTS, options=OPTIONS) as agents,
                grpc.insecure_channel("unix:" + TOOLS, options=OPTIONS) as tools,
            ):
                self.agents = broker_grpc.TokenBrokerStub(agents)
                self.tools = tool_grpc.ToolTokensStub(tools)
                while all(map(self.goes_on, (self.get_token, self.make_handle, self.redeem))):
                    pass
            time.sleep(0.02)  # not to load the machine while nobody listens

    @staticmethod
    def goes_on(step):
        """Whether somebody answered, be it that it is revoked."""
        try:
            step()
        except grpc.RpcError as refusal:
            return refusal.code() is not grpc.StatusCode.UNAVAILABLE
        return True

    def get_token(self):
        request = broker.GetTokenRequest(
            subject_token=next(self.turns), agent="invoice-bot", api="expenses"
        )
        answer = self.agents.GetToken(request, timeout=5)
        self.note(answer, answer.access_token)

    def make_handle(self):
        request = broker.CreateHandleRequest(
            subject_token=next(self.turns), agent="invoice-bot", api="graph", tool="own-hands"
        )
        answer = self.agents.CreateHandle(request, timeout=5)
        self.note(answer, answer.handle)
        self.redemptions.append(Redemption(answer.handle))

    def redeem(self):
        """The newest, and one that was left."""
        for at in (-1, random.randrange(len(self.redemptions) or 1)):
            with contextlib.suppress(IndexError):
                self.try_to_redeem(self.redemptions.pop(at))

    def try_to_redeem(self, redemption):
        try:
            answer = self.tools.RedeemHandle(redemption.request(), timeout=5)
        except grpc.RpcError as refusal:
            if refusal.code() in NOT_YET and time.monotonic() < redemption.ends:
                self.redemptions.append(redemption)
            raise
        self.note(answer, answer.access_token, redemption.handle, redemption.request_id)

    def note(self, answer, secret, *redeemed):
        noted = [time.monotonic(), answer.decision_id, secret, *(redeemed or ("", ""))]
        self.received.append(noted)

    def drain(self):
        received, self.received = self.received, []
        return received


def main():
    tokens = json.loads(sys.stdin.readline())
    agents = [Agent(tokens, number) for number in range(int(THREADS))]
    for agent in agents:
        agent.start()
    for line in sys.stdin:
        for handle in json.loads(line):
            random.choice(agents).redemptions.append(Redemption(handle))
        print(json.dumps([received for agent in agents for received in agent.drain()]), flush=True)


main()
