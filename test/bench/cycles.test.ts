import { CycleCount, missedCycles } from './cycles';

const MINUTE_MS = 60_000;

/** Cycles of 15 s; `late` of them ended after their time. */
function count(
  atMs: number, { ended, late = 0, failed = 0, skipped = 0 }: { ended: number; late?: number; failed?: number; skipped?: number },
): CycleCount {
  return new CycleCount([
    `metrics_server_manager_tick_duration_seconds_bucket{le="10"} ${ended - late}`,
    `metrics_server_manager_tick_duration_seconds_bucket{le="15"} ${ended - late}`,
    `metrics_server_manager_tick_duration_seconds_bucket{le="+Inf"} ${ended}`,
    `metrics_server_manager_tick_duration_seconds_count ${ended}`,
    'metrics_server_kubelet_request_total{success="true"} 1000',
    `metrics_server_kubelet_request_total{success="false"} ${failed}`,
    `metrics_server_kubelet_request_skipped_total ${skipped}`,
  ].join('\n'), atMs);
}

test.each([
  ['all in time', { ended: 9 }, 0],
  ['one under way at an end', { ended: 8 }, 0],
  ['two that never were', { ended: 6 }, 2],
  ['a late one', { ended: 9, late: 1 }, 1],
  ['a kubelet that did not answer', { ended: 9, failed: 3 }, 1],
  ['a kubelet that was left out', { ended: 9, skipped: 3 }, 1],
])('of two minutes: %s', (_, after, missed) => {
  expect(missedCycles(count(0, { ended: 1 }), count(2 * MINUTE_MS, after))).toBe(missed);
});
