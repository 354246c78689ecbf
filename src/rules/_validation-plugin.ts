import { judgeByCluster, unitsOf } from './_clusters';
import { isAtLeast, location } from './_judge';
import { withoutLists } from './_manifest';
import { checkRuleIds } from './_rule-ids';
import { pageOf } from './_rule-page';
import { RuleLevel } from './rule-finding';
import { groupByKey } from '../_facts/group-by-key';
import { describe } from '../validation/_validation';

/** `properties` of the validation in cdk8s.yaml. */
interface ValidationProperties {
  /** Mildest level that fails the synth: `error`, `insecure` or `warning`; `insecure` if left out. */
  readonly failOn?: `${RuleLevel}`;
  /** Ids of rules that are not asked. */
  readonly exclude?: readonly string[];
}

/** What cdk8s-cli hands to a validation plug-in, as far as it is used here. cdk8s-cli looks for `validate` alone, so no type of it is needed. */
interface ValidationContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
  parseManifest(path: string): unknown[];
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly { readonly resourceName: string; readonly manifestPath: string; readonly locations: readonly string[] }[];
}

/** The rules as a validation plug-in of `cdk8s synth`: all manifests for one cluster are judged together, whoever wrote them. */
export class ValidationPlugin {
  private readonly failOn: RuleLevel;
  private readonly exclude: readonly string[];

  constructor(properties: ValidationProperties = {}) {
    const { failOn = RuleLevel.INSECURE, exclude = [], ...unknown } = properties ?? {};
    const levels: string[] = Object.values(RuleLevel);
    if (!levels.includes(failOn)) {
      throw new Error(describe({ property: 'properties.failOn', given: failOn, allowed: levels.join(', '), mend: 'write one of them in cdk8s.yaml' }));
    }
    const [stranger] = Object.keys(unknown);
    if (stranger !== undefined) {
      throw new Error(describe({ property: `properties.${stranger}`, given: stranger, allowed: 'failOn, exclude', mend: 'remove it from cdk8s.yaml' }));
    }
    checkRuleIds('properties.exclude', exclude);
    this.failOn = failOn as RuleLevel;
    this.exclude = exclude;
  }

  public async validate(context: ValidationContext): Promise<void> {
    const fileOf = new Map<unknown, string>();
    const units = unitsOf([...new Set(context.manifests)].map((file) => {
      const documents = context.parseManifest(file);
      for (const document of withoutLists(documents)) fileOf.set(document, file);
      return { path: file.split(/[\\/]/), documents };
    }));
    const findings = judgeByCluster(units, units, this.exclude);
    for (const [rule, ofRule] of groupByKey(findings.map((finding) => [finding.rule, finding]))) {
      context.report.addViolation({
        ruleName: `${rule.id} (${rule.level})`,
        recommendation: `${rule.title}. ${rule.reason}`,
        fix: `${rule.mend}. See ${pageOf(rule)}`,
        violatingResources: ofRule.map((finding) => ({
          resourceName: finding.object.metadata.name,
          manifestPath: fileOf.get(finding.object) ?? '',
          locations: [location(finding)],
        })),
      });
    }
    const failed = findings.some(({ rule }) => isAtLeast(rule.level, this.failOn));
    const counts = Object.values(RuleLevel).map((level) => [level, String(findings.filter(({ rule }) => rule.level === level).length)]);
    context.report.submit(failed ? 'failure' : 'success', Object.fromEntries(counts));
  }
}
