import { Clock, Stop } from '../clock';

/** How often to look whether we are ready. */
const LOOK_MS = 1_000;

/** From ready to alone: the kubelet's next probe of us, and of a second replica that starts after it. */
const ROLLOUT_MS = 30_000;

/** Calls back when the pods that served before us have probably gone: a while after we became ready. */
export function onceSettled(clock: Clock, ready: () => boolean, onSettled: () => void): Stop {
  let stop: Stop;
  const look = () => {
    stop = ready() ? clock.after(ROLLOUT_MS, onSettled) : clock.after(LOOK_MS, look);
  };
  look();
  return () => stop();
}
