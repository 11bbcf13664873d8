"""A process that a test started, its log and its end."""

import signal
import subprocess

from waiting import patience

SANITIZER_REPORTS = ("Sanitizer", "runtime error:")


class Process:
    """Ended by stop(); its standard error goes to a file."""

    running = []

    def __init__(self, name, argv, log, **options):
        self.name, self.log = name, log
        with open(log, "ab") as file:
            self.popen = subprocess.Popen(argv, stderr=file, **options)
        Process.running.append(self)

    def alive(self):
        return self.popen.poll() is None

    def send(self, number):
        self.popen.send_signal(number)

    def stop(self, number=signal.SIGTERM, seconds=10):
        """Its exit code. It has ten seconds to end."""
        if self in Process.running:
            Process.running.remove(self)
        if self.alive():
            self.send(number)
        try:
            return self.popen.wait(seconds * patience())
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"{self.name} did not end in {seconds} s") from None

    def log_text(self):
        return self.log.read_text(errors="replace")

    def end_in_good_order(self):
        """Asked to end it ends, and neither it nor a sanitizer has anything to complain of."""
        code, text = self.stop(), self.log_text()
        assert code == 0, f"{self.name} ended with {code}: {text[-4000:]}"
        assert not any(mark in text for mark in SANITIZER_REPORTS), text[-8000:]
