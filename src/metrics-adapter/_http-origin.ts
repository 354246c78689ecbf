import { jsonConfiguration, JSON_OPTIONAL, JSON_REQUIRED } from './_json-checks';
import { Origin, OriginPlace } from './_origin';
import { checkDocumentPath } from './_origin-checks';
import { MetricSource } from './metric-source';
import { HttpOriginOptions } from './origin-options';
import { LabelSet } from '../promql/_label-set';
import { fieldsOf } from '../validation/_checks';
import { checkFactory, refuse } from '../validation/_validation';

const checkOptions = fieldsOf<HttpOriginOptions>({ ...JSON_REQUIRED, path: checkDocumentPath }, JSON_OPTIONAL);

export class HttpOrigin implements Origin {
  constructor(private readonly source: MetricSource, private readonly options: HttpOriginOptions) {}

  public check({ scope, httpSources }: OriginPlace, property: string): void {
    checkFactory(scope, `${property}.source`, this.source, MetricSource);
    checkOptions(scope, property, this.options);
    if (httpSources.includes(this.source)) return;
    refuse(scope, {
      property: `${property}.source`,
      given: `the source ${this.source._name}`,
      allowed: `sources of the adapter by MetricSource.http(): ${httpSources.map(({ _name }) => _name).join(', ') || 'there are none'}`,
      mend: 'give the object that the adapter was given in sources',
    });
  }

  public labels(): LabelSet {
    return LabelSet.only(Object.keys(this.options.labels ?? {}));
  }

  public configuration(): object {
    return { http: { path: this.options.path, ...jsonConfiguration(this.options) }, source: this.source._name };
  }
}
