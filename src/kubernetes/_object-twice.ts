import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { describe } from '../validation/_validation';

/**
 * Objects that Kubernetes would take for one with this, itself among them, in the charts that are for its cluster. Others of the App may be for
 * another cluster, which the rule `api-service-twice` asks about.
 */
export function sameObjects(object: ApiObject, charts: readonly Chart[] = [object.chart]): ApiObject[] {
  return object.node.root.node.findAll().filter((c: IConstruct): c is ApiObject => ApiObject.isApiObject(c) && charts.includes(c.chart)
    && c.kind === object.kind && c.apiGroup === object.apiGroup && c.name === object.name && c.metadata.namespace === object.metadata.namespace);
}

/** Says so at synth where an object of a server stands in its chart already: what is applied second would take the first one's place. */
export function refuseObjectsTwice(server: IConstruct): void {
  server.node.addValidation({ validate: () => objectsTwice(server) });
}

function objectsTwice(server: IConstruct): string[] {
  const objects = server.node.findAll().filter((c) => ApiObject.isApiObject(c)) as ApiObject[];
  const others = (object: ApiObject) => sameObjects(object).filter((other) => other !== object);
  const twice = objects.find((object) => object.kind !== 'APIService' && others(object).length > 0);
  if (!twice) return [];
  return [describe({
    property: 'name',
    given: `${twice.name}, so that the ${twice.kind} ${twice.name} is ${others(twice)[0].node.path} as well`,
    allowed: 'each object once in a chart',
    mend: 'give one of the two another name or namespace, or remove it',
  })];
}
