import { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2';
import { always, many, othersAreServed, request, session } from './clients';
import { Claim, End, Fault } from './fault';
import { API, Lab } from './lab';

/** Of all that have tokens of their own the one that has asked least is served next. */
const newcomersAreServed: Claim = {
  says: 'to others whom the API server has not been asked about yet, within 2 s: 200',
  holds: async (lab) => {
    const user = { name: 'viewer', groups: ['system:authenticated'] };
    for (let newcomer = 0; newcomer < 10; newcomer++) {
      const askedMs = Date.now();
      const headers = { authorization: `Bearer ${lab.cluster.tokens.issue(user)}` };
      expect((await lab.ask(`${API}/namespaces/new-${askedMs}/pods`, { headers })).status).toBe(200);
      expect(Date.now() - askedMs).toBeLessThan(2_000);
    }
  },
};

const WATCHED_MS = 5_000;
/** And some for the moment that the two looks take. */
const MAX_PER_SECOND = 200 * 1.1;

function reviewedSlowly(kind: string, series: string): Claim {
  return {
    says: `the API server is asked for 200 ${kind} a second at most`,
    holds: async (lab) => {
      const [before, fromMs] = [await reviews(lab, series), Date.now()];
      await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
      const asked = await reviews(lab, series) - before;
      expect(asked / (Date.now() - fromMs) * 1000).toBeLessThan(MAX_PER_SECOND);
    },
  };
}

async function reviews(lab: Lab, series: string): Promise<number> {
  return [...await lab.metrics()].filter(([name]) => name.startsWith(series)).reduce((sum, [, value]) => sum + value, 0);
}

const UNKNOWN_TOKENS = ['W "Unable to authenticate the request" err="the token is unknown…"'];

export const REVIEW_FAULTS: readonly Fault[] = [
  {
    name: 'tokens that nobody knows, a new one each time',
    begin: (lab) => {
      let count = 0;
      return always(() => Promise.all(Array.from({ length: 50 }, () => lab.ask(`${API}/nodes`, { headers: { authorization: `Bearer guess-${count++}` } }))));
    },
    served: othersAreServed,
    logged: [],
    loggedAtTimes: ['W "Unable to authenticate the request" err="…"'],
    counted: ['apiserver_request_total{code="401"}'],
  },
  {
    name: 'a flood of random tokens',
    begin: (lab) => flood(lab, (guess) => ({ ':path': `${API}/nodes`, 'authorization': `Bearer guess-${guess}` })),
    served: [...othersAreServed, newcomersAreServed, reviewedSlowly('TokenReviews', 'apiserver_delegated_authn_request_total')],
    logged: [],
    loggedAtTimes: UNKNOWN_TOKENS,
    // The flood may last for more than a minute.
    loggedPerhaps: [...UNKNOWN_TOKENS, 'W "Unable to authenticate the request" err="no answer within 10s"'],
    counted: ['apiserver_request_total{code="401"}', 'apiserver_request_total{code="429"}', 'metrics_server_reviews_refused_total{review="TokenReview"}'],
  },
  {
    name: 'a flood of requests without credentials, each for something else',
    begin: (lab) => flood(lab, (guess) => ({ ':path': `${API}/namespaces/guess-${guess}/pods` })),
    served: [...othersAreServed, newcomersAreServed, reviewedSlowly('SubjectAccessReviews', 'apiserver_delegated_authz_request_total')],
    logged: [],
    loggedPerhaps: ['E "Unable to authorize the request" err="no answer within 10s"'],
    counted: ['apiserver_request_total{code="403"}', 'apiserver_request_total{code="429"}', 'metrics_server_reviews_refused_total{review="SubjectAccessReview"}'],
  },
];

/** More than may wait, and not so many that kubelets and the API server, which run in this process, are kept from answering. */
const SESSIONS = 60;
/** As many as anybody may have who is not kube-apiserver. */
const STREAMS_PER_SESSION = 5;
/** As the server's Retry-After says. */
const RETRY_MS = 1_000;

/** From an address of its own, as a pod has it, over connections that a user is known on: strangers have a few places only. */
function flood(lab: Lab, headersOf: (guess: number) => OutgoingHttpHeaders): End {
  let guesses = 0;
  const ask = (on: ClientHttp2Session): void => {
    if (on.destroyed) return;
    on.request(headersOf(guesses++)).on('error', () => {}).on('close', () => setTimeout(() => ask(on), RETRY_MS).unref()).resume();
  };
  return many(SESSIONS, () => {
    const opened = session(lab, { localAddress: '127.0.0.2' });
    request(lab, opened).on('close', () => { for (let stream = 0; stream < STREAMS_PER_SESSION; stream++) ask(opened); }).resume();
    return opened;
  });
}
