import { readManifests } from './compare-manifests';
import { expectGolden } from './golden-set';

const golden = ['own-metric-server/all.yaml'];
const reason = 'meant';
const replicas = { at: 'Deployment kube-system/kube-hpa.spec.replicas', golden: 1, ours: 2, reason };

test('manifests equal themselves', () => {
  expect(() => expectGolden({ golden, differences: [] }, ours())).not.toThrow();
});

test('a difference has to be named', () => {
  expect(() => expectGolden({ golden, differences: [replicas] }, ours({ replicas: 2 }))).not.toThrow();
  expect(() => expectGolden({ golden, differences: [] }, ours({ replicas: 2 }))).toThrow();
  expect(() => expectGolden({ golden, differences: [replicas] }, ours({ replicas: 3 }))).toThrow();
});

test('a named difference has to occur', () => {
  expect(() => expectGolden({ golden, differences: [replicas] }, ours())).toThrow();
});

test('an object that is called otherwise is compared with the one that has its name here', () => {
  const renamed = [{ golden: 'Deployment kube-system/kube-hpa', ours: 'Deployment kube-system/other', reason }];

  expect(() => expectGolden({ golden, renamed, differences: [] }, ours({}, 'other'))).not.toThrow();
  expect(() => expectGolden({ golden, renamed, differences: [] }, ours({ replicas: 2 }, 'other'))).toThrow();
  expect(() => expectGolden({ golden, renamed, differences: [] }, ours())).toThrow();
});

test('a name that does not occur fails', () => {
  const renamed = [{ golden: 'Deployment kube-system/gone', ours: 'Deployment kube-system/kube-hpa', reason }];

  expect(() => expectGolden({ golden, renamed, differences: [] }, ours())).toThrow();
});

test('a later file takes the place of what is called the same', () => {
  expect(() => expectGolden({ golden: ['kubeconfig-article', 'upstream/metrics-server-v0.3.6'], differences: [] }, readManifests('upstream/metrics-server-v0.3.6')))
    .not.toThrow();
});

test('a command that begins with the entry point is the same as arguments', () => {
  const [deployment] = readManifests('kubeconfig-article');
  const [{ command: [entryPoint, ...args], ...container }] = deployment.spec.template.spec.containers;
  deployment.spec.template.spec.containers = [{ ...container, args }];

  expect(() => expectGolden({ golden: ['kubeconfig-article'], entryPoint, differences: [] }, [deployment])).not.toThrow();
  expect(() => expectGolden({ golden: ['kubeconfig-article'], differences: [] }, [deployment])).toThrow();
});

/** The manifests, with something else in the Deployment. */
function ours(spec: object = {}, name = 'kube-hpa') {
  return readManifests(golden[0]).map((object) => object.kind === 'Deployment'
    ? { ...object, metadata: { ...object.metadata, name }, spec: { ...object.spec, ...spec } }
    : object);
}
