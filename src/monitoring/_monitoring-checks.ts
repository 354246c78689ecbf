import { Duration } from 'cdk8s';
import { ALERT_NAMES } from './_alerts';
import { AlertRules } from './alert-rules';
import { Dashboard } from './dashboard';
import { MonitorOptions } from './monitoring';
import { RelabelAction, RelabelConfig } from './relabel-config';
import { ScrapeCredentials } from './scrape-credentials';
import { ServingCa } from './serving-ca';
import { allOf, fieldsOf, instanceOf, listOf, memberOf, wholeNumber } from '../validation/_checks';
import { Check, checkDuration, checkLabelName, checkLabels, checkText, refuse } from '../validation/_validation';

/** As the operator's CustomResourceDefinitions have it. */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const checkMetricLabel: Check = (scope, property, name) => {
  if (typeof name === 'string' && LABEL_NAME.test(name)) return;
  refuse(scope, {
    property, given: name, allowed: 'letters, digits and _, not beginning with a digit', mend: 'name a label as Prometheus does, such as __meta_kubernetes_pod_name',
  });
};

export const checkFilledText: Check = (scope, property, value) => {
  checkText(scope, property, value);
  if (value === '') refuse(scope, { property, given: value, allowed: 'text that is not empty', mend: `write ${property}, or leave it out` });
};

const checkRatio: Check = (scope, property, ratio) => {
  if (typeof ratio === 'number' && ratio >= 0 && ratio <= 1) return;
  refuse(scope, { property, given: ratio, allowed: 'a number from 0 to 1', mend: `write ${property} as in 0.05, which is 5 %` });
};

const WRITES_A_LABEL: readonly (RelabelAction | undefined)[] = [
  undefined, RelabelAction.REPLACE, RelabelAction.HASH_MOD, RelabelAction.LOWERCASE, RelabelAction.UPPERCASE,
  RelabelAction.KEEP_EQUAL, RelabelAction.DROP_EQUAL,
];

const checkRelabelConfig = allOf(
  fieldsOf<RelabelConfig>({}, {
    sourceLabels: listOf(checkMetricLabel),
    separator: checkText,
    targetLabel: checkFilledText,
    regex: checkText,
    modulus: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    replacement: checkText,
    action: memberOf('RelabelAction', RelabelAction),
  }),
  (scope, property, value) => {
    const { action, targetLabel, modulus } = value as RelabelConfig;
    if (WRITES_A_LABEL.includes(action) && targetLabel === undefined) {
      refuse(scope, {
        property: `${property}.targetLabel`, given: undefined, allowed: `a label, which the action ${action ?? RelabelAction.REPLACE} needs`, mend: 'name it, or choose another action',
      });
    }
    if ((action === RelabelAction.HASH_MOD) !== (modulus !== undefined)) {
      refuse(scope, {
        property: `${property}.modulus`, given: modulus, allowed: 'a modulus with the action hashmod, and with no other', mend: 'set action to RelabelAction.HASH_MOD and modulus, or neither',
      });
    }
  },
);

export const checkMonitorOptions = allOf(
  fieldsOf<MonitorOptions>({}, {
    namespace: checkLabelName,
    labels: checkLabels,
    interval: checkDuration,
    scrapeTimeout: checkDuration,
    relabelings: listOf(checkRelabelConfig),
    metricRelabelings: listOf(checkRelabelConfig),
    credentials: instanceOf(ScrapeCredentials),
    servingCa: allOf(instanceOf(ServingCa), (scope, property, ca) => (ca as ServingCa)._check(scope, property)),
  }),
  (scope, property, value) => {
    const { interval, scrapeTimeout } = value as MonitorOptions;
    if (!interval || !scrapeTimeout || milliseconds(scrapeTimeout) <= milliseconds(interval)) return;
    refuse(scope, {
      property: `${property}.scrapeTimeout`, given: promDuration(scrapeTimeout), allowed: `at most the interval, ${promDuration(interval)}`, mend: 'shorten it, or scrape less often',
    });
  },
);

const checkAlertNames = listOf((scope, property, name) => {
  if (ALERT_NAMES.includes(name as string)) return;
  refuse(scope, { property, given: name, allowed: ALERT_NAMES.join(', '), mend: 'name one of these alerts' });
});

const checkUrl: Check = (scope, property, url) => {
  if (typeof url === 'string' && /^https?:\/\/[!-~]+$/.test(url)) return;
  refuse(scope, {
    property, given: url, allowed: 'a URL that begins with http:// or https://, without spaces', mend: `write ${property} as in 'https://wiki.example.com/runbooks/'`,
  });
};

export const checkAlertRules = fieldsOf<AlertRules>({}, {
  namespace: checkLabelName,
  labels: checkLabels,
  alertLabels: allOf(checkLabels, (scope, property, labels) => Object.keys(labels as object).forEach((name) => checkMetricLabel(scope, `${property}['${name}']`, name))),
  without: checkAlertNames,
  runbookBaseUrl: checkUrl,
  maxErrorRatio: checkRatio,
  maxRestartsPerHour: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  maxScrapeFailureRatio: checkRatio,
  maxSampleAge: checkDuration,
  minCertificateValidity: checkDuration,
});

export const checkDashboard = fieldsOf<Dashboard>({}, {
  namespace: checkLabelName,
  sidecarLabels: checkLabels,
  folder: checkFilledText,
  title: checkFilledText,
});

/** As Prometheus writes durations. */
export function promDuration(duration: Duration): string {
  const ms = milliseconds(duration);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function milliseconds(duration: Duration): number {
  return duration.toMilliseconds({ integral: false });
}
