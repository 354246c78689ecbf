import { documentsOf, exampleText } from './rule-examples';
import { MetricsServerValidation } from '../../src';

/** What cdk8s-cli hands to a plug-in, with files by name. */
function contextOf(files: Record<string, string>) {
  return {
    manifests: Object.keys(files),
    parseManifest: (file: string) => documentsOf(files[file]),
    report: { addViolation: jest.fn(), submit: jest.fn() },
  };
}

/** As cdk8s-cli makes it: with what cdk8s.yaml says, whatever that is. */
function plugin(properties: object): { validate(context: object): Promise<void> } {
  return new (MetricsServerValidation as new (properties: object) => any)(properties);
}

describe('the validation plug-in', () => {
  test('reports each rule once, with every object, its file and its place', async () => {
    const context = contextOf({
      'a.yaml': exampleText('insecure-tls', 'wrong'),
      'b.yaml': exampleText('insecure-tls', 'wrong').replaceAll('v1beta1', 'v1'),
    });

    await plugin({ exclude: ['api-service-without-service'] }).validate(context);

    expect(context.report.addViolation.mock.calls).toEqual([[{
      ruleName: 'insecure-tls (insecure)',
      recommendation: expect.stringMatching(/^kube-apiserver does not verify the API server behind the APIService\. Whoever .*\.$/),
      fix: expect.stringMatching(/^remove insecureSkipTLSVerify .*\. See https:\/\/.*\/docs\/rules\/insecure-tls\.md$/),
      violatingResources: [
        { resourceName: 'v1beta1.metrics.k8s.io', manifestPath: 'a.yaml', locations: ['spec.insecureSkipTLSVerify: true'] },
        { resourceName: 'v1.metrics.k8s.io', manifestPath: 'b.yaml', locations: ['spec.insecureSkipTLSVerify: true'] },
      ],
    }]]);
  });

  test('judges files of one cluster together', async () => {
    const [apiService, service] = exampleText('api-service-without-service', 'right').split('---\n');
    const context = contextOf({ 'api-service.yaml': apiService, 'service.yaml': service });

    await plugin({ exclude: ['ca-bundle-never-filled'] }).validate(context);

    expect(context.report.addViolation).not.toHaveBeenCalled();
    expect(context.report.submit).toHaveBeenCalledWith('success', { error: '0', insecure: '0', warning: '0' });
  });

  test.each([
    ['a file for each chart', ['dist/here.k8s.yaml'], 'dist/there.k8s.yaml'],
    ['a folder for each chart', ['dist/here/Deployment.k8s.yaml', 'dist/here/Budget.k8s.yaml'], 'dist/there/Deployment.k8s.yaml'],
    ['a folder for each App', ['dist/here/server/Deployment.k8s.yaml', 'dist/here/budget/Budget.k8s.yaml'], 'dist/there/server/Deployment.k8s.yaml'],
  ])('judges clusters apart, with %s', async (_, [server, budget = server], there) => {
    const [serverText, budgetText] = exampleText('no-disruption-budget', 'right').split('---\n');
    const files = { [budget]: budgetText, [there]: serverText };
    const context = contextOf({ ...files, [server]: budget === server ? `${serverText}---\n${budgetText}` : serverText });

    await plugin({}).validate(context);

    const [[{ ruleName, violatingResources }]] = context.report.addViolation.mock.calls;
    expect([ruleName, violatingResources.map(({ manifestPath }: any) => manifestPath)]).toEqual(['no-disruption-budget (warning)', [there]]);
  });

  test.each([
    ['removed-flag', 'error', 'failure'],
    ['removed-flag', 'warning', 'failure'],
    ['insecure-tls', undefined, 'failure'],
    ['insecure-tls', 'error', 'success'],
    ['single-replica', undefined, 'success'],
    ['single-replica', 'warning', 'failure'],
  ])('%s with failOn %s is a %s', async (ruleId, failOn, status) => {
    const context = contextOf({ 'app.yaml': exampleText(ruleId, 'wrong') });

    await plugin({ failOn }).validate(context);

    expect(context.report.submit.mock.calls[0][0]).toBe(status);
  });

  test('passes where there is nothing, and where documents are empty', async () => {
    const context = contextOf({ 'empty.yaml': '---\n---\n' });

    await plugin({}).validate(context);

    expect(context.report.submit.mock.calls[0][0]).toBe('success');
  });

  test.each([
    [{ failOn: 'fatal' }, 'properties.failOn: given \'fatal\'; allowed: error, insecure, warning; to mend it, write one of them in cdk8s.yaml'],
    [{ failon: 'error' }, 'properties.failon: given \'failon\'; allowed: failOn, exclude; to mend it, remove it from cdk8s.yaml'],
    [{ exclude: 'single-replica' }, /^properties\.exclude: given 'single-replica'; allowed: a list of rule ids; to mend it, /],
    [{ exclude: ['single'] }, /^properties\.exclude: given 'single'; allowed: insecure-tls, .*; to mend it, write one of them$/],
  ])('refuses the properties %j', (properties, message) => {
    expect(() => plugin(properties)).toThrow(message);
  });
});
