"""The Kubernetes files: what a cluster would enforce, read off the text."""

import shutil
import subprocess

import pytest
import yaml

from places import BEHALF, DEPLOY

FOLDER = DEPLOY / "kubernetes"
SOCKETS = {"agent": "agent", "mail-search": "mail-search", "admin": "behalf"}  # socket: whose


def objects():
    names = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    found = [one for name in names for one in yaml.safe_load_all((FOLDER / name).read_text())]
    return {one["kind"]: one for one in found}


def pod():
    return objects()["Deployment"]["spec"]["template"]["spec"]


def containers():
    return {one["name"]: one for one in pod()["initContainers"] + pod()["containers"]}


def mounts(container):
    return {mount["name"]: mount for mount in container["volumeMounts"]}


def spec_of(kind):
    text = "".join(objects()["ConfigMap"]["data"].values()).replace("...\n", "---\n")
    return next(one["spec"] for one in yaml.safe_load_all(text) if one and one["kind"] == kind)


def test_every_file_is_listed():
    listed = {"kustomization.yaml", *yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]}
    assert listed == {path.name for path in FOLDER.iterdir()}


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kustomize_reads_it():
    done = subprocess.run(["kubectl", "kustomize", FOLDER], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {one["kind"] for one in yaml.safe_load_all(done.stdout)} == set(objects())


def test_the_daemon_is_a_native_sidecar():
    daemon = containers()["behalf"]
    assert daemon in pod()["initContainers"]
    assert daemon["restartPolicy"] == "Always"
    assert [one["name"] for one in pod()["initContainers"]] == ["places", "behalf"]


def test_each_role_reaches_its_own_socket_and_no_other():
    volumes = {f"{socket}-socket": whose for socket, whose in SOCKETS.items()}
    for name, container in containers().items():
        mounted = {mount for mount in mounts(container) if mount in volumes}
        if name in ("behalf", "places"):
            assert mounted == set(volumes)
        else:
            assert mounted == {volume for volume, whose in volumes.items() if whose == name}
            assert all(mounts(container)[volume]["readOnly"] for volume in mounted)


def test_sockets_lie_in_memory():
    volumes = {volume["name"]: volume for volume in pod()["volumes"]}
    for socket in SOCKETS:
        assert volumes[f"{socket}-socket"]["emptyDir"]["medium"] == "Memory"


def test_the_documents_and_the_pod_agree_on_the_sockets():
    places = containers()["places"]["args"]
    by_socket = {}
    for socket in spec_of("Daemon")["sockets"]:
        assert socket["isolated"] is True
        mount = mounts(containers()["behalf"])[f"{socket['name']}-socket"]["mountPath"]
        assert socket["path"] == f"{mount}/socket/behalf.sock"
        assert socket["path"].rpartition("/")[0] in places
        by_socket[socket["name"]] = socket
    assert set(by_socket) == set(SOCKETS)
    for socket, whose in (("agent", "agent"), ("mail-search", "mail-search")):
        container = containers()[whose]
        (variable,) = container["env"]
        below = mounts(container)[f"{socket}-socket"]["mountPath"]
        assert variable == {"name": "BEHALF_SOCKET", "value": f"{below}/socket/behalf.sock"}


def test_the_callers_are_the_users_of_the_containers():
    def user(container):
        return containers()[container]["securityContext"]["runAsUser"]

    (agent,) = spec_of("Blueprint")["agents"][0]["callers"]
    assert agent["unix"] == {"socket": "agent", "user": user("agent")}
    (tool,) = spec_of("Tool")["callers"]
    assert tool["unix"] == {"socket": "mail-search", "user": user("mail-search")}
    (admin,) = spec_of("Daemon")["admin"]["callers"]
    assert admin["unix"] == {"socket": "admin", "user": user("behalf")}


def test_no_container_may_more_than_it_must():
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers().values():
        context = container["securityContext"]
        assert context["runAsUser"] > 0
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]


def test_probes_ask_the_daemon_by_a_command_that_exists():
    daemon = containers()["behalf"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        command = daemon[probe]["exec"]["command"]
        assert command[:2] == ["behalf", "health"]
        assert command[command.index("--socket") + 1] in {s["path"] for s in spec_of("Daemon")["sockets"]}
        # No daemon is here: the command is right, and says that it cannot be reached.
        done = subprocess.run([BEHALF, *command[1:]], capture_output=True, text=True)
        assert done.returncode == 3, done.stderr


def test_only_the_daemon_holds_the_pods_identity():
    assert pod()["automountServiceAccountToken"] is False
    assert objects()["ServiceAccount"]["automountServiceAccountToken"] is False
    holders = [name for name, one in containers().items() if "identity" in mounts(one)]
    assert holders == ["behalf"]
    (volume,) = (volume for volume in pod()["volumes"] if volume["name"] == "identity")
    (source,) = volume["projected"]["sources"]
    token = source["serviceAccountToken"]
    assert token["audience"] == "api://AzureADTokenExchange"
    file = f"{mounts(containers()['behalf'])['identity']['mountPath']}/{token['path']}"
    assert spec_of("Blueprint")["credential"] == {"federatedToken": {"file": file}}


def test_the_documents_load(tmp_path):
    for name, text in objects()["ConfigMap"]["data"].items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [BEHALF, "blueprint", "validate", "--no-host", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
