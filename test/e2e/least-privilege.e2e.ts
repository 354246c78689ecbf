import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { Kubectl } from './control-plane/kubectl';

/** What must show when a rule is missing: by resource, a line of the log that names the right. */
const SYMPTOMS: Record<string, RegExp> = {
  'nodes': /nodes is forbidden|cannot list resource \\?"nodes/,
  'nodes/metrics': /forbidden.*nodes\/metrics|nodes\/metrics/,
  'apiservices': /apiservices.*forbidden|cannot \w+ resource \\?"apiservices/,
  'secrets': /secrets.*forbidden|cannot \w+ resource \\?"secrets/,
};

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.apply();
  // The nodes are new: for two minutes their failures are expected, and less than this says nothing of them.
  cluster.object('Deployment').spec.template.spec.containers[0].args.push('--v=4');
  await cluster.kubectl.run('create', 'clusterrolebinding', 'viewer', '--clusterrole=view', '--user=viewer');
});

afterAll(() => cluster?.stop());

/** Roles that are bound to the runtime's ServiceAccount; the aggregated reader is for people. */
function rules(): { role: any; index: number; resource: string }[] {
  return cluster.objects
    .filter(({ kind, metadata }) => /Role$/.test(kind) && !metadata.labels?.['rbac.authorization.k8s.io/aggregate-to-view'])
    .flatMap((role) => role.rules.map((rule: any, index: number) => ({ role, index, resource: rule.resources[0] })));
}

test('every rule of the runtime\'s roles has a symptom here', () => {
  expect(rules().map(({ resource }) => resource).sort()).toEqual(Object.keys(SYMPTOMS).sort());
});

test.each(Object.keys(SYMPTOMS))('without the rule for %s the log names the missing right', async (resource) => {
  const { role, index } = rules().find((rule) => rule.resource === resource)!;
  const path = role.kind === 'ClusterRole'
    ? `/apis/rbac.authorization.k8s.io/v1/clusterroles/${encodeURIComponent(role.metadata.name)}`
    : `/apis/rbac.authorization.k8s.io/v1/namespaces/${role.metadata.namespace}/roles/${encodeURIComponent(role.metadata.name)}`;
  const replaceRules = (kept: any[]) => cluster.controlPlane.request('PATCH', path, { rules: kept }, 'application/merge-patch+json');
  await replaceRules(role.rules.filter((_: any, at: number) => at !== index));
  const runtime = await cluster.startRuntime();
  try {
    await eventually(() => expect(runtime.log()).toMatch(SYMPTOMS[resource]), 30_000);
    // Live all the same: a missing right is mended by applying a role, not by a restart.
    expect(runtime.running).toBe(true);
  } finally {
    await replaceRules(role.rules);
    await runtime.stop();
  }
});

test('with all of them metrics are served', async () => {
  await cluster.startRuntime();
  await cluster.metricsServed();
  await cluster.runtime.stop();
});

test.each([
  ['ClusterRoleBinding', 'system:auth-delegator', /tokenreviews|subjectaccessreviews/],
  ['RoleBinding', 'extension-apiserver-authentication-reader', /extension-apiserver-authentication/],
])('without the %s to %s the log says what cannot be read', async (kind, roleName, symptom) => {
  const binding = cluster.objects.find((one) => one.kind === kind && one.roleRef.name === roleName);
  const { name, namespace } = binding.metadata;
  await cluster.kubectl.run('delete', kind, name, ...namespace ? ['-n', namespace] : []);
  const runtime = await cluster.startRuntime();
  try {
    await eventually(async () => {
      // kube-apiserver lets the viewer pass, so that the runtime has to ask.
      await new Kubectl(cluster.controlPlane, 'viewer').try('top', 'nodes');
      expect(runtime.log()).toMatch(symptom);
    }, 45_000);
  } finally {
    await runtime.stop();
    await cluster.kubectl.run('apply', '-f', cluster.manifest);
  }
});
