"""Python's grpcio in front of the daemon; errors as grpcio-status reads them.

Its argument is the folder of the stubs.
"""

import importlib
import sys

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from lines import serve

sys.path.insert(0, sys.argv[1])
MODULES = {"TokenBroker": "token_broker", "ToolTokens": "tool_tokens"}


def error_of(error):
    outcome = {"ok": False, "code": error.code().name, "message": error.details()}
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo):
            if detail.Is(kind.DESCRIPTOR):
                message = kind()
                detail.Unpack(message)
                fields = json_format.MessageToDict(message, preserving_proto_field_name=True)
                outcome[kind.DESCRIPTOR.name] = fields
    return outcome


def call(socket, service, method, request, timeout=30):
    messages = importlib.import_module(f"behalf.v1.{MODULES[service]}_pb2")
    stubs = importlib.import_module(f"behalf.v1.{MODULES[service]}_pb2_grpc")
    question = json_format.ParseDict(request, getattr(messages, method + "Request")())
    with grpc.insecure_channel("unix:" + socket) as channel:
        stub = getattr(stubs, service + "Stub")(channel)
        try:
            answer = getattr(stub, method)(question, timeout=timeout)
        except grpc.RpcError as error:
            return error_of(error)
    fields = json_format.MessageToDict(answer, preserving_proto_field_name=True)
    return {"ok": True, "answer": fields}


serve(call)
