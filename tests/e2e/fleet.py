"""Replicas that share an etcd."""


class Fleet:
    """`settings` are further keys of the store; `inside(number)` runs a replica on its host."""

    def __init__(self, etcd, stages, settings=None, inside=lambda number: ()):
        self.etcd, self.stages = etcd, stages
        self.settings, self.inside = settings or {}, inside

    def start(self):
        self.etcd.start()
        for number, stage in enumerate(self.stages):
            self.prepare(stage)
            stage.start(self.documents(stage), before=self.inside(number))
        return self

    def prepare(self, stage):
        """Replicas share the key that names tokens."""
        state = stage.folder / "state"
        state.mkdir(mode=0o700)
        key = state / "audit-digest.key"
        key.write_text("5b" * 32)
        key.chmod(0o600)

    def documents(self, stage):
        documents = stage.documents()
        store = {"endpoints": self.etcd.endpoints, **self.settings}
        documents[0]["spec"]["store"] = {"etcd": store}
        return documents

    def stop(self):
        for stage in self.stages:
            if stage.daemon.process and stage.daemon.process.alive():
                stage.stop()
        self.etcd.stop()
