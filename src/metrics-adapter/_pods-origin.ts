import { IConstruct } from 'constructs';
import { checkTlsTogether, SOURCE_CHECKS } from './_metric-source-checks';
import { Origin, OriginPlace } from './_origin';
import { checkDocumentPath, checkFilledLabels, selectorOf } from './_origin-checks';
import { SourceAccess } from './_source-access';
import { PodsOriginOptions } from './origin-options';
import { PodValues } from './pod-values';
import { LabelSet } from '../promql/_label-set';
import { allOf, fieldsOf, instanceOf } from '../validation/_checks';
import { checkBoolean, checkLabelName, checkPort, refuse } from '../validation/_validation';

const checkOptions = fieldsOf<PodsOriginOptions>({
  podLabels: checkFilledLabels,
  port: checkPort,
  values: allOf(instanceOf(PodValues), (scope, property, values) => (values as PodValues)._check(scope, property)),
}, { ...SOURCE_CHECKS, path: checkDocumentPath, https: checkBoolean, podNamespace: checkLabelName });

/** The right to list pods is that of every metric of pods. */
export class PodsOrigin implements Origin {
  public readonly of = 'pods';

  constructor(private readonly options: PodsOriginOptions) {}

  public get access(): SourceAccess {
    return new SourceAccess(this.options);
  }

  public check({ scope }: OriginPlace, property: string, namespace: string): void {
    checkOptions(scope, property, this.options);
    const { https = false } = this.options;
    checkTlsTogether(scope, property, this.options, https, 'set without https: true');
    this.checkCredentials(scope, property);
    this.access.check(scope, property, namespace);
  }

  public labels(): LabelSet {
    return this.options.values._labels;
  }

  public configuration(): object {
    const { podNamespace, podLabels, https, port, path, values } = this.options;
    return {
      pods: {
        ...podNamespace !== undefined && { namespace: podNamespace },
        selector: selectorOf(podLabels),
        ...https && { scheme: 'https' },
        port,
        ...path !== undefined && { path },
        ...values._configuration(),
        ...this.access.configuration,
      },
    };
  }

  /** Whoever may make a pod with these labels is asked. */
  private checkCredentials(scope: IConstruct, property: string): void {
    const { credentials, https, insecureSkipTlsVerify } = this.options;
    if (credentials?._isServiceAccount) {
      refuse(scope, {
        property: `${property}.credentials`,
        given: 'the token of the adapter\'s ServiceAccount',
        allowed: 'credentials that are for these pods alone: whoever may make a pod with these labels could act as the adapter',
        mend: 'give SourceCredentials.bearerToken() or basicAuth(), or clientCertificate',
      });
    }
    if (!credentials || (https && !insecureSkipTlsVerify)) return;
    refuse(scope, {
      property: `${property}.credentials`,
      given: https ? 'set beside insecureSkipTlsVerify' : 'set without https: true',
      allowed: 'for pods that are verified: whoever may make a pod with these labels would receive them',
      mend: 'set https: true and certificateAuthority, or remove credentials',
    });
  }
}
