"""Load on the daemon: an agent that is its own tool, in a process of its own.

Its arguments are the folder of the generated stubs, the sockets of agents and
tools, and how many do the same at once. The first line it reads is a JSON list
of users' tokens. From then on it gets tokens, creates handles and redeems them,
whatever becomes of the daemon. To every further line it answers with one: what
it received since the last, a list of [when, decision id, secret], by the clock
that all processes share.
"""

import contextlib
import importlib
import itertools
import json
import sys
import threading
import time

STUBS, AGENTS, TOOLS, THREADS = sys.argv[1:]
sys.path.insert(0, STUBS)

import grpc  # noqa: E402

OPTIONS = [("grpc.use_local_subchannel_pool", 1)]  # a connection of its own for every channel

broker = importlib.import_module("behalf.v1.token_broker_pb2")
broker_grpc = importlib.import_module("behalf.v1.token_broker_pb2_grpc")
tool = importlib.import_module("behalf.v1.tool_tokens_pb2")
tool_grpc = importlib.import_module("behalf.v1.tool_tokens_pb2_grpc")


class Agent(threading.Thread):
    def __init__(self, tokens, number):
        super().__init__(daemon=True)
        self.turns = itertools.cycle(tokens[number:] + tokens[:number])
        self.received = []

    def run(self):
        """New channels after a failure, for old ones would wait before they connect again."""
        while True:
            with (
                grpc.insecure_channel("unix:" + AGENTS, options=OPTIONS) as agents,
                grpc.insecure_channel("unix:" + TOOLS, options=OPTIONS) as tools,
                contextlib.suppress(grpc.RpcError),
            ):
                self.agents = broker_grpc.TokenBrokerStub(agents)
                self.tools = tool_grpc.ToolTokensStub(tools)
                for token in self.turns:
                    self.take_a_turn({"subject_token": token, "agent": "invoice-bot"})
            time.sleep(0.02)  # not to load the machine while nobody listens

    def take_a_turn(self, request):
        answer = self.agents.GetToken(broker.GetTokenRequest(**request, api="expenses"), timeout=5)
        self.note(answer, answer.access_token)
        request = broker.CreateHandleRequest(**request, api="graph", tool="own-hands")
        answer = self.agents.CreateHandle(request, timeout=5)
        self.note(answer, answer.handle)
        answer = self.tools.RedeemHandle(tool.RedeemHandleRequest(handle=answer.handle), timeout=5)
        self.note(answer, answer.access_token)

    def note(self, answer, secret):
        self.received.append([time.monotonic(), answer.decision_id, secret])

    def drain(self):
        received, self.received = self.received, []
        return received


def main():
    tokens = json.loads(sys.stdin.readline())
    agents = [Agent(tokens, number) for number in range(int(THREADS))]
    for agent in agents:
        agent.start()
    for _ in sys.stdin:
        print(json.dumps([received for agent in agents for received in agent.drain()]), flush=True)


main()
