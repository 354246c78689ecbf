import { Claim } from './fault';
import { ages, answers } from './figures';
import { API, Lab } from './lab';
import { HOUSEKEEPING_INTERVAL_MS } from '../simulated-cluster/fleet';

/** New figures of every node and pod but those of these nodes. */
export function newFigures(exceptNodes: readonly string[] = []): Claim {
  return {
    says: exceptNodes.length === 0 ? 'figures go on' : 'figures of other nodes go on',
    holds: async (lab, begunMs) => {
      const others = namesOf(lab, (name) => !exceptNodes.includes(name));
      const served = await ages(lab);
      const old = others.filter((name) => !((served.get(name) ?? Infinity) < Date.now() - begunMs));
      expect(old).toEqual([]);
    },
  };
}

/** A node and its pods as of before the fault. */
export function lastFiguresOf(node: string): Claim {
  return {
    says: 'the last figures of the node and its pods, with their own time',
    holds: async (lab, begunMs) => {
      const served = await ages(lab);
      const names = namesOf(lab, (name) => name === node);
      const wrong = names.filter((name) => !((served.get(name) ?? -1) > Date.now() - begunMs - HOUSEKEEPING_INTERVAL_MS / 10));
      expect(wrong).toEqual([]);
    },
  };
}

export function nothingOf(node: string): Claim {
  return {
    says: 'nothing of the node and its pods any more once `--metric-retention` is over',
    holds: async (lab) => {
      const served = await ages(lab);
      expect(namesOf(lab, (name) => name === node).filter((name) => served.has(name))).toEqual([]);
      expect((await lab.asAdmin(`${API}/nodes/${node}`)).status).toBe(404);
    },
  };
}

/** Health endpoints as ever: no kubelet and no client makes the runtime restart. */
export const live: Claim = {
  says: '`/livez` passes',
  holds: async (lab) => expect((await lab.ask('/livez')).status).toBe(200),
};

export const ready: Claim = {
  says: '`/readyz` passes',
  holds: async (lab) => expect((await lab.ask('/readyz')).status).toBe(200),
};

export const notReady: Claim = {
  says: '`/readyz` fails',
  holds: async (lab) => expect((await lab.ask('/readyz')).status).toBe(500),
};

/** No figure is beyond what a node has. */
export const nothingAbsurd: Claim = {
  says: 'no figure beyond what a node has',
  holds: async (lab) => expect(JSON.stringify(await answers(lab))).not.toMatch(/"(cpu|memory)":/),
};

/** The answer to one question. */
export function answered(says: string, status: number, ask: (lab: Lab) => Promise<{ readonly status: number }>): Claim {
  return { says: `${says}: ${status}`, holds: async (lab) => expect((await ask(lab)).status).toBe(status) };
}

/** Nodes and pods by their names in the API. */
function namesOf(lab: Lab, isWanted: (node: string) => boolean): string[] {
  return lab.cluster.kubelets.filter(({ node }) => isWanted(node.name))
    .flatMap(({ node }) => [node.name, ...node.pods.map(({ namespace, name }) => `${namespace}/${name}`)]);
}
