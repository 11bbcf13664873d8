"""Calls the daemon without pause until its standard input ends.

Its arguments: the folder of the generated stubs, a socket, and a JSON list of
requests, each with a name, a method and the fields of its message. Prints one
JSON object: for each name how often it was answered how.
"""

import collections
import json
import sys
import threading

import google
import grpc

STUBS, SOCKET, REQUESTS = sys.argv[1:]
sys.path.insert(0, STUBS)
google.__path__.append(STUBS + "/google")

from behalf.v1 import token_broker_pb2, token_broker_pb2_grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402

THREADS = 3
ended = threading.Event()


def reason_of(error):
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                    return error_details_pb2.ErrorInfo.FromString(detail.value).reason
    return f"{error.code().name}: {error.details()}"


def prepared(stub):
    for request in json.loads(REQUESTS):
        message = getattr(token_broker_pb2, request["method"] + "Request")()
        json_format.ParseDict(request["fields"], message)
        yield request["name"], getattr(stub, request["method"]), message


def call_until_ended(counts):
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel("unix:" + SOCKET, options=options) as channel:
        calls = list(prepared(token_broker_pb2_grpc.TokenBrokerStub(channel)))
        while not ended.is_set():
            for name, method, message in calls:
                try:
                    method(message, timeout=60)
                    counts[name, "OK"] += 1
                except grpc.RpcError as error:
                    counts[name, reason_of(error)] += 1


def main():
    counts = [collections.Counter() for _ in range(THREADS)]
    threads = [threading.Thread(target=call_until_ended, args=(count,)) for count in counts]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join()
    answers = collections.defaultdict(dict)
    for (name, answer), count in sum(counts, collections.Counter()).items():
        answers[name][answer] = count
    print(json.dumps(answers))


main()
