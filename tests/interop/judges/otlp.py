"""OpenTelemetry's own messages read what a collector is posted."""

from lines import serve
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2


def value_of(told):
    return getattr(told, told.WhichOneof("value"))


def attributes_of(told):
    return {one.key: value_of(one.value) for one in told.attributes}


def span_of(told):
    return {
        "trace_id": told.trace_id.hex(),
        "span_id": told.span_id.hex(),
        "parent": told.parent_span_id.hex(),
        "name": told.name,
        "kind": trace_pb2.Span.SpanKind.Name(told.kind),
        "nanoseconds": told.end_time_unix_nano - told.start_time_unix_nano,
        "status": trace_pb2.Status.StatusCode.Name(told.status.code),
        "attributes": attributes_of(told),
    }


def read(body):
    request = trace_service_pb2.ExportTraceServiceRequest.FromString(bytes.fromhex(body))
    (resource,) = request.resource_spans
    (scope,) = resource.scope_spans
    spans = [span_of(span) for span in scope.spans]
    # Written anew it is the same: nothing was left over that is not known.
    known = trace_service_pb2.ExportTraceServiceRequest()
    known.CopyFrom(request)
    known.DiscardUnknownFields()
    return {"ok": known == request, "resource": attributes_of(resource.resource), "spans": spans}


serve(read)
