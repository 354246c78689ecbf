import { Construct, IConstruct } from 'constructs';
import { ACKNOWLEDGEMENT_PREFIX } from './_acknowledgement';
import { isAtLeast, objectName, show } from './_judge';
import { checkRuleIds } from './_rule-ids';
import { RULES } from './_rules';
import { apiObjects, findingsBelow, locatedSentence, markEnforced, sentence } from './_tree';
import { RuleFinding, RuleLevel } from './rule-finding';
import { fieldsOf, memberOf } from '../validation/_checks';
import { describe, refuse } from '../validation/_validation';

/** Options of `Rules.enforce()`. */
export interface RulesOptions {
  /**
   * Mildest level that fails the synth. What is milder is written to standard error.
   *
   * @default RuleLevel.INSECURE
   */
  readonly failOn?: RuleLevel;
  /**
   * Ids of rules that are not asked.
   *
   * @default - none
   */
  readonly exclude?: string[];
}

/**
 * Rules that find mistakes before they are applied: in what these constructs synthesize, and in what other charts of the app add.
 *
 * Each rule has a page: https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/rules/README.md
 * What cannot work (`RuleLevel.ERROR`) fails the synth of an `ExtensionApiServer` in any case.
 *
 * @example
 * const metricsServer = new MetricsServer(this, 'metrics-server', {
 *   kubeletAccess: KubeletAccess.insecureSkipTlsVerify(),
 * });
 * Rules.acknowledge(metricsServer, 'kubelet-insecure-tls', 'test cluster whose kubelets sign their own certificates');
 * Rules.enforce(this, { failOn: RuleLevel.WARNING, exclude: ['single-replica'] });
 */
export class Rules {
  /**
   * Accepts that objects break a rule. Writes an annotation with the reason on each object at and below the construct that the rule is
   * about, so that reviewers of the manifests see it. Objects that are added later are not covered.
   *
   * @param construct Object at fault, or a construct above it
   * @param ruleId Id of the rule, such as `single-replica`
   * @param reason Why that is acceptable here
   */
  public static acknowledge(construct: IConstruct, ruleId: string, reason: string): void {
    checkScope('construct', construct);
    const rule = RULES.find(({ id }) => id === ruleId);
    if (!rule) {
      return refuse(construct, { property: 'ruleId', given: ruleId, allowed: RULES.map(({ id }) => id).join(', '), mend: 'write the id of one of these rules' });
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      return refuse(construct, { property: 'reason', given: reason, allowed: 'a sentence', mend: 'say why that is acceptable here' });
    }
    const objects = apiObjects(construct).filter(({ kind }) => rule.kinds.includes(kind));
    if (objects.length === 0) {
      return refuse(construct, {
        property: 'construct',
        given: construct.node.path,
        allowed: `a construct that is or holds one of ${rule.kinds.join(', ')}, which ${ruleId} is about`,
        mend: 'acknowledge the rule after that object was added, on it or on a construct above it',
      });
    }
    for (const object of objects) object.metadata.addAnnotation(ACKNOWLEDGEMENT_PREFIX + ruleId, reason.trim());
  }

  /**
   * What the rules find at and below a construct as it stands, without what is acknowledged. For tests of your own.
   *
   * @param scope Construct to look at, judged with the whole tree
   */
  public static findings(scope: IConstruct): RuleFinding[] {
    checkScope('scope', scope);
    return findingsBelow(scope).map((finding) => ({
      ruleId: finding.rule.id,
      level: finding.rule.level,
      object: objectName(finding.object),
      constructPath: finding.construct.node.path,
      path: finding.path,
      given: show(finding.given),
      message: sentence(finding),
    }));
  }

  /**
   * Asks the rules at each synth. What is found fails it from a level on, and is written to standard error below that.
   *
   * @param scope Construct to look at, usually the App
   * @param options From which level on it fails, and rules that are not asked
   */
  public static enforce(scope: IConstruct, options: RulesOptions = {}): void {
    checkScope('scope', scope);
    checkOptions(scope, 'options', options);
    const { failOn = RuleLevel.INSECURE, exclude = [] } = options;
    markEnforced(scope);
    scope.node.addValidation({
      validate: () => {
        const findings = findingsBelow(scope, exclude);
        const fails = findings.filter(({ rule }) => isAtLeast(rule.level, failOn));
        for (const finding of findings.filter((milder) => !fails.includes(milder))) process.stderr.write(`${locatedSentence(finding)}\n`);
        return fails.map(locatedSentence);
      },
    });
  }

  private constructor() {}
}

const checkOptions = fieldsOf<RulesOptions>({}, {
  failOn: memberOf('RuleLevel', RuleLevel),
  exclude: (scope, property, ids) => checkRuleIds(`[${scope.node.path}] ${property}`, ids),
});

/** Rules are asked of a tree. Without one there is no path to name. */
function checkScope(property: string, given: unknown): void {
  if (Construct.isConstruct(given)) return;
  throw new Error(describe({ property, given, allowed: 'a construct, such as a Chart or the App', mend: 'give the construct whose objects are meant' }));
}
