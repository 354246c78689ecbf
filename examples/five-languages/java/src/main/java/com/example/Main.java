package com.example;

import io.github.cdk8smetricsserver.ContainerResources;
import io.github.cdk8smetricsserver.MetricsServer;
import io.github.cdk8smetricsserver.NodeAddressType;
import io.github.cdk8smetricsserver.ResourceQuantities;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.Duration;

/** The same chart in TypeScript, Python, Java, Go and C#. */
public final class Main {
    public static void main(final String[] args) {
        final App app = new App();
        final Chart chart = new Chart(app, "five-languages");

        MetricsServer.Builder.create(chart, "metrics-server")
            .replicas(2)
            .metricResolution(Duration.seconds(30))
            .kubeletPreferredAddressTypes(List.of(NodeAddressType.INTERNAL_IP, NodeAddressType.HOSTNAME))
            .resources(ContainerResources.builder()
                .requests(ResourceQuantities.builder().cpu("200m").memory("400Mi").build())
                .build())
            .labels(Map.of("team", "platform"))
            .build();

        app.synth();
    }
}
