"""behalfd, its log and its record."""

import hashlib
import hmac
import json

import documents
from processes import Process
from waiting import BEHALFD, eventually


class Daemon:
    """behalfd with its documents, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.documents = folder / "documents.yaml"  # or a directory
        self.flags = []
        self.audit_file = folder / "audit.jsonl"
        self.process = None

    def socket(self, name):
        return self.folder / f"{name}.sock"

    def write(self, contents):
        place = self.documents / "all.yaml" if self.documents.is_dir() else self.documents
        place.write_text(documents.text_of(contents))

    def launch(self, before=(), program=BEHALFD, **options):
        """Starts it, and does not wait."""
        argv = [*before, program, "--documents", self.documents, "--log-level", "debug"]
        argv += self.flags
        self.process = Process("behalfd", argv, self.folder / "behalfd.log", **options)
        return self.process

    def start(self, **options):
        serving = self.log_text().count("serves catalog")
        self.launch(**options)
        eventually("the daemon serves", lambda: self._serves(serving))
        return self

    def _serves(self, before):
        assert self.process.alive(), self.log_text()
        return self.log_text().count("serves catalog") > before

    def log_text(self):
        log = self.folder / "behalfd.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def stop(self):
        if self.process is None or self.process not in Process.running:
            return
        self.process.end_in_good_order()

    def audit(self, **wanted):
        """The audit lines that have these fields; heads are left out."""
        lines = [json.loads(line) for line in self.audit_file.read_text().splitlines()]
        lines = [line for line in lines if line["event"] != "head"]
        return [line for line in lines if wanted.items() <= line.items()]

    def line_of(self, decision_id):
        (line,) = self.audit(decision_id=decision_id)
        return line

    def digest_of(self, secret):
        """As the daemon names it: daemon/audit/token_digest.h."""
        key = bytes.fromhex((self.folder / "state/audit-digest.key").read_text())
        key_id = hashlib.sha256(b"behalf audit key id" + key).hexdigest()[:8]
        name = hmac.new(key, secret.encode(), hashlib.sha256).digest()[:16].hex()
        return f"{key_id}:{name}"
