import { FEATURES } from '../../../src/_facts/rights';
import { ScrapeFailure } from '../../../src/runtime/scrape/outcome';
import { OutcomeLog } from '../../../src/runtime/scrape/outcome-log';
import { RecordingLogger } from '../cluster/fixtures';

const FORBIDDEN: ScrapeFailure = { reason: 'forbidden', message: 'kubelet answered 403 Forbidden', feature: FEATURES.kubeletMetrics() };

let logger: RecordingLogger;
let changed: string[];
let outcomeLog: OutcomeLog;

beforeEach(() => {
  logger = new RecordingLogger();
  changed = [];
  outcomeLog = new OutcomeLog(logger, ({ node, failure }) => changed.push(`${node} ${failure?.reason ?? 'ok'}`));
});

function note(node: string, failure?: ScrapeFailure): void {
  outcomeLog.note({ node, address: 'a:10250', startedMs: 0, durationMs: 1, failure }, { failuresBefore: 1, nodesFailing: 1 }, undefined);
}

/** Lines since the last call. */
const lines = () => logger.lines.splice(0);

test('a right that all kubelets miss is one warning, which names it and what is off, and one line when the last recovers', () => {
  for (let cycle = 0; cycle < 2; cycle++) for (const node of ['a', 'b', 'c']) note(node, FORBIDDEN);
  expect(lines()).toEqual([
    'W Failed to scrape node node=a address=a:10250 reason=forbidden err=kubelet answered 403 Forbidden nodesFailing=1 off=reading of kubelets needs=get nodes/metrics',
  ]);
  note('a');
  note('b');
  expect(lines()).toEqual([]);
  note('c');
  expect(lines()).toEqual(['I Scraping the node works again node=c address=a:10250 failures=1 nodesFailing=1 on=reading of kubelets']);
  expect(changed).toEqual(['a forbidden', 'b forbidden', 'c forbidden', 'a ok', 'b ok', 'c ok']);
  note('b', FORBIDDEN);
  expect(lines()).toEqual([expect.stringMatching(/^W .*node=b.*off=reading of kubelets/)]);
});

test('each feature has its own warning, and other failures one for each node', () => {
  note('a', FORBIDDEN);
  note('b', { ...FORBIDDEN, feature: FEATURES.kubeletStats() });
  note('c', { reason: 'forbidden', message: 'a path of the node\'s annotation' });
  note('d', { reason: 'refused', message: 'connect ECONNREFUSED' });
  expect(lines().map((line) => line.match(/node=\w|off=.*/g)!.join(' '))).toEqual([
    'node=a off=reading of kubelets needs=get nodes/metrics', 'node=b off=reading of kubelets\' summaries needs=get nodes/stats', 'node=c', 'node=d',
  ]);
});

test('a node that is gone holds back no word about the others', () => {
  note('a', FORBIDDEN);
  outcomeLog.forget('a');
  note('b', FORBIDDEN);
  expect(lines().map((line) => /node=\w/.exec(line)![0])).toEqual(['node=a', 'node=b']);
});
