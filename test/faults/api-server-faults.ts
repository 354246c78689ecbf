import { answered, live, newFigures, notReady, ready } from './claims';
import { Claim, End, Fault } from './fault';
import { API, Lab } from './lab';
import { askHttp2 } from '../runtime/server/client';
import { ApiServerFault } from '../simulated-cluster/api-server-fault';
import { KubeObject, resourceOfKind } from '../simulated-cluster/kube-object';

const CONFIG_MAP = resourceOfKind('v1', 'ConfigMap')!;
const REVIEWS = {
  tokens: /^\/apis\/authentication\.k8s\.io\/v1\/tokenreviews/,
  access: /^\/apis\/authorization\.k8s\.io\/v1\/subjectaccessreviews/,
};
const FAILED_REVIEW = 'E "Unable to authorize the request" err="…"';
const FAILED_TOKEN = 'W "Unable to authenticate the request" err="…"';
const CANNOT_FOLLOW = ['nodes', 'pods', 'ConfigMap kube-system/extension-apiserver-authentication'].map((what) => `W "Cannot follow ${what}, retrying" reason="…"`);
const FOLLOWS = ['nodes', 'pods', 'ConfigMap kube-system/extension-apiserver-authentication'].map((what) => `I "Following ${what} again"`);

/** Who is known by certificate and needs no review. */
const adminIsServed = answered('to superusers', 200, (lab) => lab.asAdmin(`${API}/nodes`));

/** Labels of the nodes are those of this moment. */
const changesAreSeen: Claim = {
  says: 'what changes is seen',
  holds: async (lab) => {
    const { name, labels } = changedNode(lab).metadata;
    expect(labels?.changes).toBeDefined();
    const { body } = await lab.asAdmin(`${API}/nodes/${name}`);
    expect(JSON.parse(body).metadata.labels.changes).toBe(labels!.changes);
  },
};

export const API_SERVER_FAULTS: readonly Fault[] = [
  {
    name: 'the API server is down when the runtime starts',
    begin: async (lab) => {
      await lab.cluster.api.setFault({ kind: 'refuse' });
      await lab.restartRuntime();
      return () => lab.cluster.api.setFault();
    },
    served: [live, notReady, answered('to users', 500, (lab) => lab.asAdmin(`${API}/nodes`))],
    logged: CANNOT_FOLLOW,
    // The last: of who connects before the CAs are known, and asks after it.
    loggedPerhaps: ['E "Failed probe"…', FAILED_REVIEW, FAILED_TOKEN],
    loggedAfterwards: FOLLOWS,
    // Nobody can be known as long as no CA is: not even /metrics is served.
    counted: [],
  },
  {
    name: 'the API server is down for half a minute',
    begin: (lab) => breakApi(lab, { kind: 'refuse' }, 30),
    served: [newFigures(), ready, live, adminIsServed, answered('to those who need a review', 401, asViewer)],
    logged: CANNOT_FOLLOW,
    loggedAtTimes: [FAILED_TOKEN],
    loggedAfterwards: FOLLOWS,
    counted: ['apiserver_delegated_authn_request_total{code="<error>"}', 'rest_client_requests_total{code="<error>"}'],
  },
  {
    name: 'the API server is down for five minutes',
    begin: (lab) => breakApi(lab, { kind: 'refuse' }, 300),
    served: [newFigures(), ready, live, adminIsServed, answered('to those who need a review', 401, asViewer)],
    logged: CANNOT_FOLLOW,
    loggedAtTimes: [FAILED_TOKEN],
    loggedPerhaps: [FAILED_TOKEN],
    loggedAfterwards: FOLLOWS,
    counted: ['apiserver_delegated_authn_request_total{code="<error>"}', 'rest_client_requests_total{code="<error>"}'],
    isLong: true,
  },
  {
    name: 'the API server has forgotten the changes since (410)',
    begin: (lab) => repeatedly(2_000, () => {
      lab.cluster.api.endWatches();
      changeNode(lab);
      lab.cluster.store.compact();
    }),
    served: [changesAreSeen, newFigures(), ready, live, answered('to users', 200, asViewer)],
    logged: [],
    counted: ['rest_client_requests_total{code="200"}'],
  },
  {
    name: 'watches are cut every second',
    begin: (lab) => repeatedly(1_000, () => {
      lab.cluster.api.endWatches();
      changeNode(lab);
    }),
    served: [changesAreSeen, newFigures(), ready, live, answered('to users', 200, asViewer)],
    logged: [],
    counted: ['rest_client_requests_total{code="200"}'],
  },
  {
    name: 'the API server answers everything 429 with Retry-After',
    begin: (lab) => breakApi(lab, { kind: 'status', code: 429, retryAfterSeconds: 1 }),
    served: [newFigures(), ready, live, adminIsServed, answered('to those who need a review', 401, asViewer)],
    logged: CANNOT_FOLLOW,
    loggedAtTimes: [FAILED_TOKEN],
    loggedAfterwards: FOLLOWS,
    counted: ['apiserver_delegated_authn_request_total{code="429"}', 'rest_client_requests_total{code="429"}'],
  },
  {
    name: 'the API server takes 3 seconds for each answer',
    begin: (lab) => breakApi(lab, { kind: 'slow', delayMs: 3_000 }),
    served: [newFigures(), ready, live, answered('to users, late', 200, asViewer)],
    logged: [],
    counted: ['apiserver_delegated_authn_request_total{code="201"}', 'apiserver_delegated_authz_request_total{code="201"}'],
  },
  {
    name: 'the API server takes requests and never answers',
    begin: (lab) => breakApi(lab, { kind: 'hang' }),
    served: [newFigures(), ready, live, adminIsServed, answered('to those who need a review, after 10 s', 401, asViewer)],
    logged: [],
    loggedAtTimes: [FAILED_TOKEN],
    loggedPerhaps: CANNOT_FOLLOW,
    counted: ['apiserver_delegated_authn_request_total{code="<error>"}', 'rest_client_requests_total{code="<error>"}'],
  },
  {
    name: 'the API server hangs, with its connections and watches open',
    begin: (lab) => {
      const end = lab.cluster.api.hang();
      changeNode(lab);
      return end;
    },
    served: [newFigures(), ready, live, adminIsServed, answered('to those who need a review, after 10 s', 401, asViewer)],
    servedAfterwards: [changesAreSeen],
    logged: CANNOT_FOLLOW,
    loggedAtTimes: [FAILED_TOKEN],
    loggedPerhaps: [FAILED_TOKEN],
    loggedAfterwards: FOLLOWS,
    counted: ['apiserver_delegated_authn_request_total{code="<error>"}', 'rest_client_requests_total{code="<error>"}'],
  },
  {
    name: 'the API server hangs when the runtime starts, with its connections open',
    begin: async (lab) => {
      const end = lab.cluster.api.hang();
      await lab.restartRuntime();
      // Watches have been given up by then, and lists are on their way.
      return notWithin(30, end);
    },
    served: [live, notReady, answered('to users', 500, (lab) => lab.asAdmin(`${API}/nodes`))],
    logged: [],
    // When the lists are given up, too.
    loggedPerhaps: [...CANNOT_FOLLOW, 'E "Failed probe"…', FAILED_REVIEW, FAILED_TOKEN],
    counted: [],
  },
  {
    name: 'nothing comes on watches any more, not even their end',
    begin: (lab) => {
      lab.cluster.api.hangWatches();
      changeNode(lab);
      return () => {};
    },
    served: [changesAreSeen, newFigures(), ready, live, answered('to users', 200, asViewer)],
    logged: [],
    counted: ['rest_client_requests_total{code="200"}'],
  },
  {
    name: 'TokenReviews fail',
    begin: (lab) => breakApi(lab, { kind: 'status', code: 500, path: REVIEWS.tokens }),
    served: [newFigures(), ready, adminIsServed, answered('to users with tokens', 401, asViewer)],
    logged: [],
    loggedAtTimes: [FAILED_TOKEN],
    counted: ['apiserver_delegated_authn_request_total{code="500"}', 'apiserver_request_total'],
  },
  {
    name: 'SubjectAccessReviews fail',
    begin: (lab) => breakApi(lab, { kind: 'status', code: 500, path: REVIEWS.access }),
    served: [newFigures(), ready, adminIsServed, answered('to those who need a review', 500, asViewer)],
    logged: [],
    loggedAtTimes: [FAILED_REVIEW],
    counted: ['apiserver_delegated_authz_request_total{code="500"}'],
  },
  {
    name: 'SubjectAccessReviews are never answered',
    begin: (lab) => breakApi(lab, { kind: 'hang', path: REVIEWS.access }),
    served: [newFigures(), ready, adminIsServed, answered('to those who need a review, after 10 s', 500, (lab) => lab.asViewer(`${API}/nodes`, askHttp2))],
    logged: [],
    loggedAtTimes: [FAILED_REVIEW],
    counted: ['apiserver_delegated_authz_request_total{code="<error>"}'],
  },
  {
    name: 'the ConfigMap with the authentication settings is gone',
    begin: (lab) => {
      const { namespace, name } = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };
      const configMap = lab.cluster.store.remove(CONFIG_MAP, namespace, name);
      return () => void lab.cluster.apply(withoutVersion(configMap));
    },
    served: [newFigures(), ready, adminIsServed, answered('to users', 200, asViewer)],
    logged: [],
    counted: ['rest_client_requests_total{code="201"}'],
  },
  {
    name: 'the right to list and watch is taken away',
    begin: async (lab) => {
      const end = await breakApi(lab, { kind: 'status', code: 403, path: /^\/api\/v1\/(?:nodes|pods)/ });
      lab.cluster.api.endWatches();
      return end;
    },
    served: [newFigures(), ready, adminIsServed, answered('to users', 200, asViewer)],
    logged: [
      'W "Cannot follow nodes, retrying" reason="…" off="scraping of nodes" needs="…"',
      'W "Cannot follow pods, retrying" reason="…" off="metrics of pods" needs="…"',
    ],
    loggedAfterwards: FOLLOWS.slice(0, 2),
    counted: ['rest_client_requests_total{code="403"}'],
  },
];

async function breakApi(lab: Lab, fault: ApiServerFault, seconds = 0): Promise<End> {
  const end = notWithin(seconds, () => lab.cluster.api.setFault());
  await lab.cluster.api.setFault(fault);
  return end;
}

/** The end, but so long from now at the soonest. */
function notWithin(seconds: number, end: End): End {
  const overMs = Date.now() + seconds * 1000;
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, overMs - Date.now()));
    await end();
  };
}

function repeatedly(everyMs: number, act: () => void): End {
  const timer = setInterval(act, everyMs);
  return () => clearInterval(timer);
}

function changeNode(lab: Lab): void {
  const node = changedNode(lab);
  const changes = String(Number(node.metadata.labels?.changes ?? 0) + 1);
  lab.cluster.apply(withoutVersion({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, changes } } }));
}

function changedNode({ cluster }: Lab): KubeObject {
  return cluster.store.list(resourceOfKind('v1', 'Node')!)[0];
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function asViewer(lab: Lab) {
  return lab.asViewer(`${API}/nodes`);
}
