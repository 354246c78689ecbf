import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { judgeByCluster, unitsOf } from './_clusters';
import { Finding, location, objectName } from './_judge';
import { withoutLists } from './_manifest';
import { RuleLevel } from './rule-finding';
import { groupByKey } from '../_facts/group-by-key';

const ENFORCED = 'cdk8s-metrics-server:rules-enforced';

/** A finding, with the construct that synthesizes its object, by itself or in a List. */
export interface TreeFinding extends Finding {
  readonly construct: ApiObject;
}

/** What is wrong at and below a construct, judged among everything that the tree synthesizes for its cluster. */
export function findingsBelow(scope: IConstruct, exclude: readonly string[] = []): TreeFinding[] {
  const below = new Set(scope.node.findAll());
  const constructOf = new Map<unknown, ApiObject>(apiObjects(scope.node.root)
    .flatMap((object) => withoutLists([object.toJson()]).map((document) => [document, object])));
  const charts = groupByKey([...constructOf].map(([document, { chart }]) => [chart, document]));
  const units = unitsOf([...charts].map(([{ node }, documents]) => ({ path: node.path.split('/'), documents })));
  const asked = units.filter((unit) => unit.some((document) => below.has(constructOf.get(document)!)));
  return judgeByCluster(units, asked, exclude)
    .map((finding) => ({ ...finding, construct: constructOf.get(finding.object)! }))
    .filter(({ construct }) => below.has(construct));
}

export function apiObjects(scope: IConstruct): ApiObject[] {
  return scope.node.findAll().filter((construct) => ApiObject.isApiObject(construct)) as ApiObject[];
}

/** A finding in one line. */
export function sentence(finding: Finding): string {
  const { rule, object } = finding;
  return `${objectName(object)}: given ${location(finding)}; ${rule.id} (${rule.level}): ${rule.title}; to mend it, ${rule.mend}`;
}

/** A finding in one line, with the construct that it is about. */
export function locatedSentence(finding: TreeFinding): string {
  return `[${finding.construct.node.path}] ${sentence(finding)}`;
}

/** Ends the synth of what cannot work, unless someone who asked for more does it. */
export function refuseErrors(scope: IConstruct): void {
  scope.node.addValidation({
    validate: () => scope.node.scopes.some(isEnforced) ? [] : findingsBelow(scope).filter(({ rule }) => rule.level === RuleLevel.ERROR).map(sentence),
  });
}

export function markEnforced(scope: IConstruct): void {
  scope.node.addMetadata(ENFORCED, true);
}

function isEnforced({ node }: IConstruct): boolean {
  return node.metadata.some(({ type }) => type === ENFORCED);
}
