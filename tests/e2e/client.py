"""A client of the daemon, in a process of its own so that it can be of any account.

Reads one JSON object a line: socket, service, method, request, and optionally
timeout (seconds), times (that many calls at once), and requests in place of
request (all at once), and metadata (pairs). Answers each with one line: a list of outcomes. Its argument is the folder of the generated stubs.
"""

import concurrent.futures
import importlib
import json
import sys
import time

import google
import grpc

STUBS = sys.argv[1]
sys.path.insert(0, STUBS)
google.__path__.append(STUBS + "/google")

from google.protobuf import json_format  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402

MODULES = {"TokenBroker": "token_broker", "ToolTokens": "tool_tokens", "Admin": "admin"}

# A connection of its own for every channel, and no long pause after a refusal.
OPTIONS = [
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 200),
]


def method_of(channel, service, method):
    """The stub's method, and the class of its request."""
    name = MODULES[service]
    messages = importlib.import_module(f"behalf.v1.{name}_pb2")
    stubs = importlib.import_module(f"behalf.v1.{name}_pb2_grpc")
    stub = getattr(stubs, service + "Stub")(channel)
    request = service + method + "Request"  # where another service has a method of this name
    return getattr(stub, method), getattr(messages, request, None) or getattr(
        messages, method + "Request"
    )


def error_of(error):
    outcome = {"ok": False, "code": error.code().name, "message": error.details()}
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        status = status_pb2.Status.FromString(value)
        outcome["status_code"] = status.code
        outcome["status_message"] = status.message
        for detail in status.details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                info = error_details_pb2.ErrorInfo.FromString(detail.value)
                outcome.update(
                    reason=info.reason, domain=info.domain, metadata=dict(info.metadata)
                )
            if detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
                delay = error_details_pb2.RetryInfo.FromString(detail.value).retry_delay
                outcome["retry_after"] = delay.seconds + delay.nanos / 1e9
    return outcome


def raw(call):
    """All metadata that came with an answer or an error, its bytes as hex digits."""
    pairs = [*(call.initial_metadata() or ()), *(call.trailing_metadata() or ())]
    return [[key, value.hex() if isinstance(value, bytes) else value] for key, value in pairs]


def outcome_of(future):
    try:
        message = future.result()
    except grpc.RpcError as error:
        return {**error_of(error), "raw": raw(future)}
    fields = json_format.MessageToDict(
        message, preserving_proto_field_name=True, including_default_value_fields=True
    )
    return {"ok": True, "answer": fields, "raw": raw(future)}


def call(order):
    with grpc.insecure_channel("unix:" + order["socket"], options=OPTIONS) as channel:
        method, request_type = method_of(channel, order["service"], order["method"])
        orders = order.get("requests") or [order["request"]] * order.get("times", 1)
        requests = [json_format.ParseDict(each, request_type()) for each in orders]
        begun = time.monotonic()
        futures = [
            method.future(
                request,
                timeout=order.get("timeout", 60),
                wait_for_ready=True,
                metadata=[tuple(pair) for pair in order.get("metadata", ())],
            )
            for request in requests
        ]
        ended = {}
        for future in futures:
            future.add_done_callback(lambda of: ended.setdefault(of, time.monotonic()))
        outcomes = [outcome_of(future) for future in futures]
        for future, outcome in zip(futures, outcomes):
            outcome["seconds"] = ended.get(future, time.monotonic()) - begun
        return outcomes


def health(order):
    with grpc.insecure_channel("unix:" + order["socket"], options=OPTIONS) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        answer = check(b"", timeout=order.get("timeout", 60), wait_for_ready=True)
        return [{"ok": True, "answer": {"hex": answer.hex()}}]


def main():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        for line in sys.stdin:
            order = json.loads(line)
            work = health if order["service"] == "Health" else call
            print(json.dumps(pool.submit(work, order).result()), flush=True)


main()
