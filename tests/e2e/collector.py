"""A collector of traces: it keeps the spans that are posted to it."""

import http.server
import threading


class Collector:
    """Answers with `status`; `parse` makes a request of a body."""

    def __init__(self, parse):
        self.bodies, self.status, self.types, self.parse = [], 200, set(), parse
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.types.add((self.path, self.headers["Content-Type"]))
                if collector.status == 200:
                    collector.bodies.append(body)
                self.send_response(collector.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def resources(self):
        return [all_ for body in self.bodies for all_ in self.parse(body).resource_spans]

    def spans(self, **wanted):
        """Those with these attributes; `__` stands for a dot."""
        found = (s for r in self.resources() for scope in r.scope_spans for s in scope.spans)
        wanted = {name.replace("__", "."): value for name, value in wanted.items()}
        return [span for span in found if wanted.items() <= attributes(span).items()]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def attributes(told):
    """Of a span or a resource."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in told.attributes}
