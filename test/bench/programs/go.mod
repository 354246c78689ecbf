module cdk8s-metrics-server/bench

go 1.26.0
