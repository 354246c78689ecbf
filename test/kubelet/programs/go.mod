module cdk8s-metrics-server/kubelet/programs

go 1.24.0
