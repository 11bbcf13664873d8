"""The pod of deploy/kubernetes, put together from namespaces on this machine."""

import os
import re
import shutil
import subprocess

import yaml

from machine import DEPLOY, HERE
from processes import Process
from waiting import BEHALF, BEHALFD, patience

FOLDER = DEPLOY / "kubernetes"


def of_kind(file, kind):
    objects = yaml.safe_load_all((FOLDER / file).read_text())
    return next(one for one in objects if one["kind"] == kind)


class Pod:
    """Its volumes are directories that everybody can write, as a kubelet makes them."""

    def __init__(self, folder):
        self.folder = folder
        spec = of_kind("invoice-assistant.yaml", "Deployment")["spec"]["template"]["spec"]
        self.containers = {one["name"]: one for one in spec["initContainers"] + spec["containers"]}
        self.documents = of_kind("documents.yaml", "ConfigMap")["data"]
        for volume in spec["volumes"]:
            self.volume(volume["name"]).mkdir(parents=True)
            self.volume(volume["name"]).chmod(0o777)
        self.programs = folder / "programs"
        self.programs.mkdir()
        for program in (BEHALFD, BEHALF):
            shutil.copy(program, self.programs)
        self.made = 0

    def volume(self, name):
        return self.folder / "volumes" / name

    def put(self, volume, name, text, uid=0, mode=0o644):
        path = self.volume(volume) / name
        path.write_text(text)
        path.chmod(mode)
        os.chown(path, uid, uid)

    def argv(self, name, command):
        container = self.containers[name]
        self.made += 1
        place = self.folder / f"place-{self.made}"
        place.mkdir()
        mounts = [
            f"{self.volume(mount['name'])}:{mount['mountPath']}" + (":ro" if mount.get("readOnly") else "")
            for mount in container["volumeMounts"]
        ]
        uid = str(container["securityContext"]["runAsUser"])
        return [HERE / "container", place, uid, self.programs, *mounts, "--", *command]

    def image_command(self):
        text = (DEPLOY / "container/Dockerfile").read_text()
        return [word for key in ("ENTRYPOINT", "CMD")
                for word in yaml.safe_load(re.search(rf"^{key} (.*)$", text, re.M)[1])]

    def start(self):
        """What is to end runs, then the daemon."""
        places = self.containers["places"]
        self.get("places", *places["command"], *places["args"])
        argv = self.argv("behalf", self.image_command())
        self.daemon = Process("behalfd", argv, self.folder / "behalfd.log", stdin=subprocess.DEVNULL)

    def run(self, container, *command, **options):
        """In the container, with its variables."""
        variables = {one["name"]: one["value"] for one in self.containers[container].get("env", [])}
        return subprocess.run(
            self.argv(container, command), env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **variables},
            capture_output=True, text=True, timeout=60 * patience(), **options,
        )

    def get(self, *what, **options):
        done = self.run(*what, **options)
        assert done.returncode == 0, (what, done.stdout, done.stderr)
        return done.stdout

    def probe(self, name):
        probe = self.containers["behalf"][name]["exec"]["command"]
        return self.run("behalf", *probe).returncode == 0
