import { Mistake } from '../mistake';
import { Call, Reference } from '../typescript/expression';

/** A tool that applies what is synthesized. */
export type GitOpsTool = 'argo-cd' | 'flux';

/** Name, in the program, of the chart that Flux's APIServices go into. */
export const API_SERVICES_CHART = 'apiServices';

const TOOLS: Readonly<Record<GitOpsTool, Call>> = {
  'argo-cd': new Call('GitOps.argoCd'),
  'flux': new Call('GitOps.flux', new Reference(API_SERVICES_CHART)),
};

/** @throws Mistake for a tool that is not known */
export function gitOpsTool(given: string | undefined): GitOpsTool | undefined {
  if (given === undefined || given in TOOLS) return given as GitOpsTool | undefined;
  throw new Mistake(`from-helm: --git-ops: given ${JSON.stringify(given)}; allowed: ${Object.keys(TOOLS).join(', ')}`);
}

/** What `gitOps` is for a tool. */
export function gitOpsOf(tool: GitOpsTool | undefined): Call | undefined {
  return tool && TOOLS[tool];
}
