"""Reads metrics as Python programs do, with the package kubernetes, and prints them as JSON."""
import json
import sys

from kubernetes import client, config

GROUP, VERSION = "metrics.k8s.io", "v1beta1"

config.load_kube_config(sys.argv[1])
api = client.CustomObjectsApi()


def in_parts(limit):
    """All pods, some at a time."""
    parts, position = [], ""
    while not parts or position:
        part = api.list_cluster_custom_object(GROUP, VERSION, "pods", limit=limit, _continue=position)
        parts.append(part["items"])
        position = part["metadata"].get("continue", "")
    return parts


def failure(**options):
    """Code and reason of a list that is refused."""
    try:
        api.list_cluster_custom_object(GROUP, VERSION, "pods", **options)
    except client.ApiException as error:
        return {"code": error.status, "reason": json.loads(error.body)["reason"]}


json.dump({
    "nodes": api.list_cluster_custom_object(GROUP, VERSION, "nodes")["items"],
    "pods": api.list_cluster_custom_object(GROUP, VERSION, "pods")["items"],
    "node": api.get_cluster_custom_object(GROUP, VERSION, "nodes", "node-1"),
    "onNode": api.list_cluster_custom_object(GROUP, VERSION, "pods", field_selector="spec.nodeName=node-1")["items"],
    "parts": in_parts(5),
    "malformed": failure(_continue="%"),
}, sys.stdout)
