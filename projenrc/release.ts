import { cdk8s, github, JsonPatch, release } from 'projen';

/** How and where a version is published, for the constructor of the project; `publishing` is what publishing.json says. */
export function releaseOptions(publishing: Record<string, any>) {
  return {
    github: true,
    githubOptions: { mergify: false, pullRequestLint: false },
    pullRequestTemplate: false,
    // .ci/run is the build; the workflow `ci` below runs it.
    buildWorkflow: false,

    release: true,
    // Whoever releases heads CHANGELOG.md's newest entries with the version, and starts the workflow.
    releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
    nextVersionCommand: 'node projenrc/next-version.mjs',
    workflowNodeVersion: '24',
    jsiiReleaseVersion: '0.2',

    // No token is stored where the registry trusts the workflow itself.
    npmTrustedPublishing: true,
    npmProvenance: true,
    publishToPypi: { ...publishing.pypi, trustedPublishing: true, attestations: true },
    publishToMaven: { ...publishing.maven, mavenServerId: 'central-ossrh' },
    publishToGo: { ...publishing.go, githubTokenSecret: 'GO_GITHUB_TOKEN' },
    publishToNuget: { ...publishing.nuget, trustedPublishing: true, publishTools: { dotnet: { version: '8.x' } } },
  };
}

/** projen makes the text of a GitHub release out of commit messages; here it is what CHANGELOG.md says. */
export function releaseNotes(project: cdk8s.ConstructLibraryCdk8s) {
  project.tasks.tryFind('bump')!.exec('node projenrc/release-notes.mjs > "$CHANGELOG"');
}

const IMAGE_JOB = 'release_image';

/** The image is pushed before any package is, since each package names the image of its version. */
export function releaseImage(project: cdk8s.ConstructLibraryCdk8s) {
  const workflow = project.github!.tryFindWorkflow('release')!;
  workflow.addJob(IMAGE_JOB, {
    name: 'Publish the image',
    needs: ['release'],
    if: "needs.release.outputs.tag_exists != 'true' && needs.release.outputs.latest_commit == github.sha",
    runsOn: ['ubuntu-latest'],
    permissions: {
      contents: github.workflows.JobPermission.READ,
      packages: github.workflows.JobPermission.WRITE,
      idToken: github.workflows.JobPermission.WRITE,
    },
    steps: [
      github.WorkflowSteps.checkout(),
      { name: 'Set up Node', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '24' } },
      github.WorkflowSteps.downloadArtifact({ with: { name: 'build-artifact', path: 'dist' } }),
      { name: 'Take the version', run: 'npm version --no-git-tag-version --allow-same-version "$(cat dist/version.txt)" && rm -rf dist' },
      // Emulation and a builder that makes attestations.
      { name: 'Prepare both platforms', uses: 'docker/setup-qemu-action@v3' },
      { name: 'Prepare buildx', uses: 'docker/setup-buildx-action@v3' },
      {
        name: 'Log in',
        uses: 'docker/login-action@v3',
        with: { registry: 'ghcr.io', username: '${{ github.actor }}', password: '${{ secrets.GITHUB_TOKEN }}' },
      },
      {
        name: 'Build and push, with SBOM and provenance',
        if: '${{ !inputs.dry_run }}',
        run: 'npm run image -- --tool docker --push -- --sbom=true --provenance=mode=max',
      },
    ],
  });
  for (const registry of ['npm', 'pypi', 'maven', 'nuget', 'golang', 'github']) {
    workflow.file!.addOverride(`jobs.release_${registry}.needs`, ['release', IMAGE_JOB, ...registry === 'github' ? [] : ['release_github']]);
  }
  // publib's own default; no registry's host is written down here.
  workflow.file!.patch(JsonPatch.remove('/jobs/release_npm/steps/9/env/NPM_REGISTRY'));
}

/** Every push and pull request runs what must hold before a change lands. */
export function ciWorkflow(project: cdk8s.ConstructLibraryCdk8s) {
  const workflow = new github.GithubWorkflow(project.github!, 'ci', { limitConcurrency: true, concurrencyOptions: { cancelInProgress: true } });
  workflow.on({ push: { branches: ['main'] }, pullRequest: {}, workflowDispatch: {} });
  const cache = '~/.cache/cdk8s-metrics-server';
  workflow.addJob('ci', {
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: 90,
    permissions: { contents: github.workflows.JobPermission.READ },
    steps: [
      github.WorkflowSteps.checkout(),
      { name: 'Set up Node', uses: 'actions/setup-node@v7.0.0', with: { 'node-version': '20' } },
      { name: 'Set up Go', uses: 'actions/setup-go@v7.0.0', with: { 'go-version': 'stable', 'cache': false } },
      { name: 'Set up Python', uses: 'actions/setup-python@v7.0.0', with: { 'python-version': '3.11' } },
      { name: 'Set up Java', uses: 'actions/setup-java@v6.0.0', with: { 'distribution': 'temurin', 'java-version': '17' } },
      {
        name: 'Keep what was built',
        uses: 'actions/cache@v4',
        with: { 'path': `${cache}\n~/.cache/go-build\n~/go/pkg/mod`, 'key': 'builds-${{ github.sha }}', 'restore-keys': 'builds-' },
      },
      // Network namespaces and chroots need root.
      { name: 'Run every stage', run: 'sudo --preserve-env=PATH,HOME,JAVA_HOME .ci/run' },
      { name: 'Hand the caches back', if: 'always()', run: `sudo chown -R "$USER" ${cache} ~/.cache/go-build ~/go || true` },
    ],
  });
}
