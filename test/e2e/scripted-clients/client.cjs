// Reads metrics as JavaScript programs do, with the class Metrics of @kubernetes/client-node, and prints them as JSON.
const { KubeConfig, CoreV1Api, Metrics, topNodes } = require('@kubernetes/client-node');

async function main(kubeconfig) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const metrics = new Metrics(config);
  const nodes = await metrics.getNodeMetrics();
  const pods = await metrics.getPodMetrics();
  const some = await metrics.getPodMetrics('shop');
  const top = await topNodes(config.makeApiClient(CoreV1Api));
  return { nodes: nodes.items, pods: pods.items, shop: some.items, top: top.map(({ Node }) => Node.metadata.name) };
}

main(process.argv[2]).then((read) => process.stdout.write(JSON.stringify(read)), (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
