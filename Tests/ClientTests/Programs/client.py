"""Drives a lab with the client library `kubernetes`: `client.py NAME` runs one check, which fails with an exception."""

import json
import sys

from kubernetes import client, config, watch
from kubernetes.stream import portforward, stream


def refusal(call, *arguments, **words):
    """The status of a call that has to be refused."""
    try:
        call(*arguments, **words)
    except client.ApiException as error:
        return error.status, json.loads(error.body)
    raise AssertionError("nothing was refused")


def config_map(name, **data):
    return {"metadata": {"name": name, "labels": {"by": "python"}}, "data": data}


def objects(core):
    made = core.create_namespaced_config_map("default", config_map("python", key="value"))
    try:
        assert made.metadata.uid and made.metadata.resource_version
        made.data["key"] = "other"
        changed = core.replace_namespaced_config_map("python", "default", made)
        assert changed.data == {"key": "other"} and changed.metadata.uid == made.metadata.uid
        status, body = refusal(core.replace_namespaced_config_map, "python", "default", made)
        assert (status, body["reason"]) == (409, "Conflict"), body
    finally:
        core.delete_namespaced_config_map("python", "default")
    assert refusal(core.read_namespaced_config_map, "python", "default")[0] == 404

    # The library's classes refuse what an API server would not say: reading each kind is a test by itself.
    pod = core.read_namespaced_pod("pod-a", "default")
    assert pod.status.pod_ip == "10.244.1.5" and pod.status.conditions[0].type == "PodScheduled", pod.status
    assert {node.metadata.name for node in core.list_node().items} == {"node1", "node2"}
    assert core.read_namespaced_service("kubernetes", "default").spec.cluster_ip == "10.96.0.1"
    subset = core.read_namespaced_endpoints("kubernetes", "default").subsets[0]
    assert subset.addresses[0].ip == "192.168.1.2" and subset.ports[0].port == 6443
    slices = client.DiscoveryV1Api().list_namespaced_endpoint_slice("default").items
    assert any(s.endpoints[0].addresses == ["192.168.1.2"] for s in slices), slices
    client.AppsV1Api().list_deployment_for_all_namespaces()
    client.NetworkingV1Api().list_ingress_for_all_namespaces()
    client.NetworkingV1Api().list_network_policy_for_all_namespaces()
    core.list_event_for_all_namespaces()
    core.list_secret_for_all_namespaces()
    assert client.VersionApi().get_code().git_version.startswith("v1.32")
    assert [g.name for g in client.ApisApi().get_api_versions().groups].count("apps") == 1


def patches(core):
    apps = client.AppsV1Api()
    container = {"name": "main", "image": "busybox"}
    labels = {"app": "python"}
    apps.create_namespaced_deployment("default", {
        "metadata": {"name": "python"},
        "spec": {"replicas": 0, "selector": {"matchLabels": labels},
                 "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}})
    try:
        side = {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": "agnhost"}]}}}}
        patched = apps.patch_namespaced_deployment("python", "default", side)  # strategic merge
        assert {c.name for c in patched.spec.template.spec.containers} == {"main", "side"}
        operations = [{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]
        assert apps.patch_namespaced_deployment("python", "default", operations).metadata.labels == {"a": "b"}
        scale = apps.patch_namespaced_deployment_scale("python", "default", {"spec": {"replicas": 0}})
        assert scale.kind == "Scale" and scale.status.selector == "app=python", scale
        dry = apps.patch_namespaced_deployment("python", "default", {"spec": {"replicas": 3}}, dry_run="All")
        assert dry.spec.replicas == 3
        assert apps.read_namespaced_deployment("python", "default").spec.replicas == 0
    finally:
        apps.delete_namespaced_deployment("python", "default", propagation_policy="Foreground")


def pages(core):
    names = [f"page-{number:03}" for number in range(25)]
    for name in names:
        core.create_namespaced_config_map("default", config_map(name))
    try:
        found, token, version = [], None, None
        while True:
            page = core.list_namespaced_config_map("default", limit=10, _continue=token, label_selector="by=python")
            assert len(page.items) <= 10
            found += [item.metadata.name for item in page.items]
            # All pages are of one version, whatever happens in between.
            version = version or page.metadata.resource_version
            assert page.metadata.resource_version == version
            token = page.metadata._continue
            if len(found) == 10:
                core.delete_namespaced_config_map("page-020", "default")
                core.create_namespaced_config_map("default", config_map("page-005x"))
            if not token:
                break
        assert found == names, found
    finally:
        core.delete_collection_namespaced_config_map("default", label_selector="by=python")
    assert not core.list_namespaced_config_map("default", label_selector="by=python").items
    status, body = refusal(core.list_namespaced_config_map, "default", limit=10, _continue="nonsense")
    assert status == 400, body


def watches(core):
    version = core.list_namespaced_config_map("default").metadata.resource_version
    core.create_namespaced_config_map("default", config_map("watched", key="1"))
    core.patch_namespaced_config_map("watched", "default", {"data": {"key": "2"}})
    core.delete_namespaced_config_map("watched", "default")
    seen = []
    watcher = watch.Watch()
    for event in watcher.stream(core.list_namespaced_config_map, "default", resource_version=version,
                                field_selector="metadata.name=watched", timeout_seconds=20):
        seen.append((event["type"], event["object"].data["key"]))
        if event["type"] == "DELETED":
            watcher.stop()
    assert seen == [("ADDED", "1"), ("MODIFIED", "2"), ("DELETED", "2")], seen
    # Without a version a watch begins with what there is.
    first = next(watch.Watch().stream(core.list_namespaced_pod, "default", timeout_seconds=20))
    assert (first["type"], first["object"].metadata.name) == ("ADDED", "pod-a"), first


def informer_words(core):
    """What client libraries' informers ask, word by word."""
    page = core.list_namespaced_pod("default", limit=500, resource_version="0")
    types = []
    for event in watch.Watch().stream(core.list_namespaced_pod, "default", allow_watch_bookmarks=True,
                                      resource_version=page.metadata.resource_version, timeout_seconds=1):
        types.append(event["type"])
    assert set(types) <= {"BOOKMARK"}, types
    names = [item.metadata.name for item in core.list_service_for_all_namespaces(
        label_selector="!service.kubernetes.io/headless", field_selector="spec.clusterIP!=None").items]
    assert "kubernetes" in names
    assert [n.metadata.name for n in core.list_node(field_selector="metadata.name=node2").items] == ["node2"]


def execute(core, command, **words):
    options = {"stdin": False, "stdout": True, "stderr": True, "tty": False} | words
    return stream(core.connect_get_namespaced_pod_exec, "pod-a", "default", command=command,
                  _preload_content=False, **options)


def execs(core):
    session = execute(core, ["sh", "-c", "echo out; echo err >&2; exit 3"])
    session.run_forever(timeout=30)
    assert session.returncode == 3, session.returncode
    assert session.read_stdout() == "out\n" and session.read_stderr() == "err\n"
    session = execute(core, ["sh", "-c", "read line; echo got $line"], stdin=True)
    session.write_stdin("a line\n")
    session.run_forever(timeout=30)
    assert session.returncode == 0 and session.read_stdout() == "got a line\n"
    whole = stream(core.connect_get_namespaced_pod_exec, "pod-b", "default", command=["hostname"], stdin=False,
                   stdout=True, stderr=True, tty=False)
    assert whole == "pod-b\n", whole


def terminals(core):
    session = execute(core, ["sh", "-c", "read line; stty size; tty"], stdin=True, tty=True)
    session.write_channel(4, json.dumps({"Width": 101, "Height": 31}))
    session.write_stdin("go\n")
    session.run_forever(timeout=30)
    assert session.returncode == 0
    text = session.read_all()
    assert "31 101\r\n" in text and "/dev/pts/" in text, text


def forwards(core):
    forward = portforward(core.connect_get_namespaced_pod_portforward, "pod-b", "default", ports="80")
    connection = forward.socket(80)
    connection.setblocking(True)
    connection.settimeout(30)
    connection.sendall(b"GET /hostname HTTP/1.1\r\nHost: pod-b\r\nConnection: close\r\n\r\n")
    answer = b""
    while received := connection.recv(4096):
        answer += received
    assert answer.endswith(b"pod-b") and forward.error(80) is None, (answer, forward.error(80))


def logs(core):
    container = {"name": "main", "image": "busybox", "command": ["sh", "-c", "echo one; echo two; exec sleep infinity"]}
    core.create_namespaced_pod("default", {
        "metadata": {"name": "python-logs"},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0}})
    try:
        lines = []
        for event in watch.Watch().stream(core.list_namespaced_pod, "default", timeout_seconds=30,
                                          field_selector="metadata.name=python-logs"):
            if event["object"].status.phase == "Running":
                break
        for line in watch.Watch().stream(core.read_namespaced_pod_log, "python-logs", "default", follow=True):
            lines.append(line)
            if len(lines) == 2:
                break
        assert lines == ["one", "two"], lines
        assert core.read_namespaced_pod_log("python-logs", "default", tail_lines=1) == "two\n"
    finally:
        core.delete_namespaced_pod("python-logs", "default", grace_period_seconds=0)


def errors(core):
    status, body = refusal(core.read_namespaced_pod, "nobody", "default")
    assert (status, body["message"]) == (404, 'pods "nobody" not found'), body
    status, body = refusal(core.create_namespace, {"metadata": {"name": "default"}})
    assert (status, body["reason"]) == (409, "AlreadyExists"), body
    status, body = refusal(core.create_namespaced_service, "default",
                           {"metadata": {"name": "bad"}, "spec": {"ports": [{"port": 70000}]}})
    assert (status, body["reason"]) == (422, "Invalid"), body
    assert body["details"]["causes"][0]["field"] == "spec.ports[0].port", body
    status, body = refusal(core.create_namespaced_service, "default",
                           {"metadata": {"name": "bad"},
                            "spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 99}]}})
    assert status == 422 and "30000-32767" in body["message"], body
    status, body = refusal(core.create_namespaced_pod, "nowhere", {"metadata": {"name": "p"}, "spec": {
        "containers": [{"name": "c", "image": "i"}]}})
    assert status == 404 and 'namespaces "nowhere" not found' in body["message"], body


def in_cluster(core):
    names = [pod.metadata.name for pod in core.list_namespaced_pod("default").items]
    assert "pod-a" in names and "pod-b" in names, names


def gone(core, version):
    """A watch from a version that the server no longer knows."""
    try:
        for event in watch.Watch().stream(core.list_namespaced_pod, "default", resource_version=version,
                                          timeout_seconds=20):
            raise AssertionError(event["type"])
    except client.ApiException as error:
        assert error.status == 410, error
        return
    raise AssertionError("the watch was not refused")


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    (config.load_incluster_config if name == "in_cluster" else config.load_kube_config)()
    globals()[name](client.CoreV1Api(), *arguments)
