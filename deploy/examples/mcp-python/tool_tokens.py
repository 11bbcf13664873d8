"""The tool's side of behalf: a handle in, a token out."""

import uuid

import grpc
from behalf.v1.tool_tokens_pb2 import RedeemHandleRequest
from behalf.v1.tool_tokens_pb2_grpc import ToolTokensStub
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status


class Refusal(Exception):
    """behalf said no: docs/errors.md has every reason, and whose move it is."""

    def __init__(self, reason, message, domain="mail-search", **metadata):
        super().__init__(f"{reason}: {message}")
        self.info = {"reason": reason, "domain": domain, "metadata": metadata}


class ToolTokens:
    def __init__(self, socket):
        self.socket, self.stub = socket, None

    async def redeem(self, handle):
        """The answer: access_token, expires_at, scopes, subject_ref to partition caches by."""
        if not isinstance(handle, str):
            text = 'the call brings no handle in _meta["behalf/handle"]'
            raise Refusal("HANDLE_MISSING", text, move="caller")
        if self.stub is None:  # the channel belongs to the loop that runs now
            self.stub = ToolTokensStub(grpc.aio.insecure_channel(f"unix:{self.socket}"))
        # The name of this redemption: repeated, it gets the same answer.
        request = RedeemHandleRequest(handle=handle, request_id=str(uuid.uuid4()))
        try:
            return await self.stub.RedeemHandle(request, timeout=10)
        except grpc.aio.AioRpcError as error:
            raise refusal_of(error) from None


def refusal_of(error):
    """By the ErrorInfo in grpc-status-details-bin; without one behalf was not reached."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info = ErrorInfo()
        if detail.Unpack(info):
            return Refusal(info.reason, error.details(), info.domain, **info.metadata)
    return error
