import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkNumber } from './_json-checks';
import { MetricPlace } from './_metric-declaration';
import { DescribedResource } from './described-resource';
import { Combination, EmptyMeaning, ExternalMetricOptions, MetricOptions, NanMeaning, ObjectMetricOptions, PodsMetricOptions } from './metric-options';
import { MetricOrigin } from './metric-origin';
import { MetricSource } from './metric-source';
import { ALLOWED_METRIC_NAME, defaultMaxAgeMs, isMetricName, MAX_AGE, REFRESH, RESERVED_METRIC_NAMES } from '../_facts/adapter-configuration';
import { goDuration } from '../kubernetes/_go-duration';
import { allOf, fieldsOf, instanceOf, listOf, memberOf, OptionalChecks } from '../validation/_checks';
import { Check, checkDuration, checkLabelName, checkSeconds, checkText, refuse } from '../validation/_validation';

/** One segment of a path, which a rule of access control names; some segments are Kubernetes' own. */
export const checkMetricName: Check = (scope, property, name) => {
  if (typeof name !== 'string' || !isMetricName(name)) {
    refuse(scope, { property, given: name, allowed: ALLOWED_METRIC_NAME, mend: 'name the metric as in http_requests_per_second' });
  }
  if (RESERVED_METRIC_NAMES.includes(name)) {
    refuse(scope, { property, given: name, allowed: 'any other name: Kubernetes takes this one for a part of the object or namespace', mend: `name it as in service_${name}` });
  }
};

/** As Prometheus writes those that need no quotes. */
const checkLabel: Check = (scope, property, label) => {
  if (typeof label === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(label)) return;
  refuse(scope, { property, given: label, allowed: 'the name of a label: letters, digits and _, not beginning with a digit', mend: `set ${property} to a label of the query's result` });
};

const checkRefresh: Check = (scope, property, refresh) => {
  const ms = (refresh as Duration).toMilliseconds();
  if (ms >= REFRESH.minMs && ms <= REFRESH.maxMs) return;
  refuse(scope, {
    property, given: goDuration(ms), allowed: `from ${goDuration(REFRESH.minMs)} to ${goDuration(REFRESH.maxMs)}`, mend: 'write it as in Duration.seconds(15), or leave it out for that',
  });
};

const METRIC_CHECKS: OptionalChecks<MetricOptions> = {
  query: checkText,
  origin: instanceOf(MetricOrigin),
  sources: listOf(instanceOf(MetricSource), 1),
  combine: memberOf('Combination', Combination),
  refresh: allOf(checkDuration, checkRefresh),
  maxAge: checkDuration,
  window: (scope, property, value) => checkSeconds(scope, property, value, 1),
  onEmpty: memberOf('EmptyMeaning', EmptyMeaning),
  onNan: memberOf('NanMeaning', NanMeaning),
  minimum: checkNumber,
  maximum: checkNumber,
};

const LABEL_CHECKS = { nameLabel: checkLabel, namespaceLabel: checkLabel };

const checkResource = allOf(instanceOf(DescribedResource), (scope, property, value) => (value as DescribedResource)._check(scope, property));

const checkNamespaceLabelIsMeant: Check = (scope, property, options) => {
  const { resource, namespaceLabel } = options as ObjectMetricOptions;
  if (!resource._isNamespace || namespaceLabel === undefined) return;
  refuse(scope, {
    property: `${property}.namespaceLabel`, given: namespaceLabel, allowed: 'none for namespaces, which are in none', mend: 'set nameLabel to it, or leave both out for namespace',
  });
};

/** What each option of a metric shows by itself. */
export const checkMetricOptions = {
  pods: fieldsOf<PodsMetricOptions>({}, { ...METRIC_CHECKS, ...LABEL_CHECKS }),
  object: allOf(
    fieldsOf<ObjectMetricOptions>({ resource: checkResource }, { ...METRIC_CHECKS, ...LABEL_CHECKS }), checkNamespaceLabelIsMeant,
  ),
  external: fieldsOf<ExternalMetricOptions>({}, { ...METRIC_CHECKS, namespaceLabel: checkLabel, namespaces: listOf(checkLabelName, 1) }),
};

/** What the options show together, and with the adapter that they are for. */
export function checkMetricOptionsTogether({ scope, sources }: MetricPlace, options: MetricOptions): void {
  checkSaysWhere(scope, options);
  if (options.sources) checkSources(scope, sources, options.sources);
  else if (!options.origin) checkHasSource(scope, sources);
  checkMaxAge(scope, options);
  const { minimum = -Infinity, maximum = Infinity } = options;
  if (minimum <= maximum) return;
  refuse(scope, { property: 'options.minimum', given: minimum, allowed: `up to maximum, which is ${maximum}`, mend: 'exchange the two' });
}

function checkSaysWhere(scope: IConstruct, { query, origin, sources }: MetricOptions): void {
  if ((query === undefined) === (origin === undefined)) {
    refuse(scope, {
      property: 'options.query', given: query === undefined ? 'neither query nor origin' : 'both query and origin', allowed: 'one of them', mend: 'write query for PromQL, or origin for what is no Prometheus',
    });
  }
  if (origin && sources) refuse(scope, { property: 'options.sources', given: 'sources beside origin', allowed: 'beside query alone', mend: 'remove sources' });
}

function checkSources(scope: IConstruct, sources: readonly MetricSource[], given: readonly MetricSource[]): void {
  given.forEach((source, i) => checkSourceOf(scope, `options.sources[${i}]`, sources.filter((one) => !given.slice(0, i).includes(one)), source));
}

/** Where a query names no source. */
export function checkHasSource(scope: IConstruct, sources: readonly MetricSource[]): void {
  if (sources.length > 0) return;
  refuse(scope, {
    property: 'sources', given: 'none', allowed: 'at least one, of which a query is asked', mend: 'add MetricSource.prometheus({ url: … }) to the sources of the adapter',
  });
}

export function checkSourceOf(scope: IConstruct, property: string, sources: readonly MetricSource[], source: MetricSource): void {
  if (sources.includes(source)) return;
  refuse(scope, {
    property,
    given: `the source ${source._name}`,
    allowed: `sources of the adapter by MetricSource.prometheus(), each once: ${sources.map(({ _name }) => _name).join(', ')}`,
    mend: 'give the object that the adapter was given in sources',
  });
}

function checkMaxAge(scope: IConstruct, { refresh, maxAge }: MetricOptions): void {
  const refreshMs = refresh?.toMilliseconds() ?? REFRESH.defaultMs;
  const ms = maxAge?.toMilliseconds() ?? defaultMaxAgeMs(refreshMs);
  if (ms >= refreshMs && ms <= MAX_AGE.maxMs) return;
  refuse(scope, {
    property: 'options.maxAge', given: goDuration(ms), allowed: `from ${goDuration(refreshMs)}, which is refresh, to ${goDuration(MAX_AGE.maxMs)}`, mend: `leave it out for ${goDuration(defaultMaxAgeMs(refreshMs))}`,
  });
}
