from cdk8s import App, Chart, Duration
from cdk8s_metrics_server import ContainerResources, MetricsServer, NodeAddressType, ResourceQuantities

# The same chart in TypeScript, Python, Java, Go and C#.
app = App()
chart = Chart(app, "five-languages")

MetricsServer(
    chart,
    "metrics-server",
    replicas=2,
    metric_resolution=Duration.seconds(30),
    kubelet_preferred_address_types=[NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME],
    resources=ContainerResources(requests=ResourceQuantities(cpu="200m", memory="400Mi")),
    labels={"team": "platform"},
)

app.synth()
