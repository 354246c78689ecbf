import * as fs from 'fs';
import { cdk8s, javascript } from 'projen';
import { ciWorkflow, releaseImage, releaseNotes, releaseOptions } from './projenrc/release';

/** Where and under which names this project is published: the only place that says so. */
const publishing = JSON.parse(fs.readFileSync('publishing.json', 'utf8'));

// Outside jsii: lazy `import()` without extensions, which jest can run and esbuild bundles.
const lazyImports = { module: 'commonjs', moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER };

/** The package under its own name, from its sources. */
const ownName = { 'cdk8s-metrics-server': ['../src/index.ts'], 'cdk8s-metrics-server/runtime': ['../src/runtime/index.ts'] };

const project = new cdk8s.ConstructLibraryCdk8s({
  name: publishing.npm.name,
  description: 'Typed cdk8s constructs for metrics-server, its aggregated API, and the metrics runtime they deploy',
  author: publishing.author,
  authorAddress: publishing.authorAddress,
  authorOrganization: true,
  repositoryUrl: publishing.repositoryUrl,
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: ['cdk8s', 'kubernetes', 'metrics-server', 'apiservice', 'aggregation', 'autoscaling', 'hpa'],
  defaultReleaseBranch: 'main',

  // Toolchain. TypeScript 7 is not supported by jsii yet.
  packageManager: javascript.NodePackageManager.NPM,
  projenVersion: '0.103.25',
  projenrcTs: true,
  minNodeVersion: '20.16.0',
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',

  // Peers. Older cdk8s versions drag 190 packages in; cdk8s-plus stays out of the public API, since jsii
  // turns even an optional peer into a hard dependency of the wheel, the jar and the Go module.
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.5.0',
  devDeps: [
    '@types/node@^20',
    'cdk8s-cli@2.207.60',
    'cdk8s-plus-27@2.9.5',
    'cdk8s-plus-34@^2.0.54',
    'fast-check@^4',
    // bundled into the runtime; ARCHITECTURE.md gives the reason for each
    '@peculiar/x509@^2.2.0',
    'reflect-metadata@^0.2.2',
    'yaml@^2.9.1',
    // compiles the runtime's WebAssembly; nothing of it is bundled
    'assemblyscript@^0.28.20',
    // bundled for the constructs, which read queries by the grammar of Prometheus itself
    '@lezer/common@^1.5.5',
    '@lezer/highlight@^1.2.5',
    '@lezer/lr@^1.4.12',
    '@prometheus-io/lezer-promql@0.315.0',
  ],

  // No run updates what it checks: golden files are written by hand, with UPDATE_GOLDEN=1.
  jestOptions: {
    jestVersion: '^30',
    configFilePath: 'jest.config.json',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      // Machines are shared: what hangs is found out all the same.
      testTimeout: 30_000,
      // On a busy machine a worker of some hundred MiB needs longer to end than the default, half a second, after which jest speaks of leaks.
      workerGracefulExitTimeout: 5_000,
      testEnvironment: 'node',
      globalSetup: '<rootDir>/projenrc/webassembly.mjs',
      setupFiles: ['<rootDir>/test/seed.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/image/'],
      moduleNameMapper: { '^cdk8s-metrics-server$': '<rootDir>/src/index.ts', '^cdk8s-metrics-server/runtime$': '<rootDir>/src/runtime/index.ts' },
    },
  },
  typecheckTests: true,
  // Without --fix: a difference that eslint would make is an error, here and in CI.
  eslintOptions: {
    dirs: ['src', 'examples'],
    devdirs: ['test', 'start', 'projenrc'],
    commandOptions: { fix: false },
  },

  ...releaseOptions(publishing),

  // The metrics runtime: outside jsii, bundled by esbuild, shipped in the image and in the package.
  excludeTypescript: ['src/runtime/**', 'src/cli/**'],
  bundlerOptions: {
    assetsDir: 'assets',
    esbuildVersion: '~0.28.2',
    runBundleTask: javascript.RunBundleTask.PRE_COMPILE,
  },
  tsconfigDev: { compilerOptions: { ...lazyImports, paths: ownName } },

  depsUpgrade: false,
  sampleCode: false,
  gitignore: [
    '/build/', '/dist/', '.jsii.tabl.json', '*.log',
    // what building an example of another language in its folder leaves
    'target/', '__pycache__/', '.venv/', '/examples/**/bin/', '/examples/**/obj/', '/examples/**/dist/',
  ],
});

['/build/', '/rosetta/', '/image/', '/examples/', '/start/', '/docs/', '/.ci/', '/publishing.json', '/ARCHITECTURE.md', '/CONTRIBUTING.md']
  .forEach((pattern) => project.addPackageIgnore(pattern));
// The construct reads the image's name from the published package.
project.package.addField('companionImage', publishing.image);
// The lockfile names no registry.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// 1.13.0 was published with some of its platform packages missing on mirrors, which breaks `npm ci`.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
// jsii prints a banner for each command on an end-of-life Node; the minimum above says what we support.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// -- runtime ------------------------------------------------------------------------------------
project.bundler.addBundle('src/runtime/main.ts', {
  target: 'node20',
  platform: 'node',
  format: 'cjs',
  tsconfigPath: 'src/runtime/tsconfig.json',
  sourcemap: true,
  watchTask: false,
});
// Whoever gets the bundle, in the image or in the package, gets the notices of what is in it.
project.bundler.bundleTask.exec('node image/third-party-notices.mjs assets/runtime/main/index.js.map > assets/runtime/main/THIRD-PARTY-NOTICES');
const runtimeTsconfig = new javascript.TypescriptConfig(project, {
  fileName: 'src/runtime/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
  include: ['**/*.ts'],
  exclude: ['assembly/**'],
  compilerOptions: { ...lazyImports, rootDir: '..', noEmit: true, types: ['node'] },
});
project.preCompileTask.prependExec(`tsc -p ${runtimeTsconfig.fileName}`, { name: undefined } as any);

// What of it is WebAssembly is compiled from AssemblyScript: as soon as the compiler is installed, and again wherever it is bundled or tested.
const compileWebAssembly = 'node projenrc/webassembly.mjs';
project.package.setScript('dependencies', compileWebAssembly);
project.bundler.bundleTask.prependExec(compileWebAssembly);
project.gitignore.exclude('/src/runtime/webassembly/module.js');
project.eslint?.addIgnorePattern('src/runtime/assembly/');

// What providers of metrics are written with: a folder of its own, since resolvers older than exports maps look for one. jsii knows nothing of it.
const bundleRuntimeModule = project.addTask('bundle:runtime/module', { description: 'Bundle cdk8s-metrics-server/runtime, and its types' });
bundleRuntimeModule.exec('esbuild --bundle src/runtime/index.ts --target=node20 --platform=node --format=cjs --sourcemap '
  + `--tsconfig=${runtimeTsconfig.fileName} --outfile=runtime/index.js`);
bundleRuntimeModule.exec('node image/third-party-notices.mjs runtime/index.js.map > runtime/THIRD-PARTY-NOTICES');
bundleRuntimeModule.exec(`node projenrc/runtime-types.mjs ${runtimeTsconfig.fileName} src/runtime/index.ts > runtime/index.d.ts`);
project.preCompileTask.spawn(bundleRuntimeModule);
project.gitignore.exclude('/runtime/');
project.addPackageIgnore('!/runtime/');
project.package.addField('exports', {
  '.': './lib/index.js',
  './runtime': './runtime/index.js',
  './.jsii': './.jsii',
  './package.json': './package.json',
});

// -- PromQL -------------------------------------------------------------------------------------
// The grammar of Prometheus, for the constructs: bundled, since the package has no dependencies beside its peers, in whatever language it is used.
const bundlePromql = project.addTask('bundle:promql', { description: 'Bundle the grammar of PromQL' });
bundlePromql.exec('esbuild --bundle @prometheus-io/lezer-promql --target=node20 --platform=node --format=cjs --minify --sourcemap --sources-content=false '
  + '--outfile=assets/promql/index.js');
bundlePromql.exec('node image/third-party-notices.mjs assets/promql/index.js.map > assets/promql/THIRD-PARTY-NOTICES');
project.preCompileTask.spawn(bundlePromql);

// -- command line -------------------------------------------------------------------------------
// Outside jsii as well, bundled beside the library, which it loads as it is installed. The image has none of it.
const cliTsconfig = new javascript.TypescriptConfig(project, {
  fileName: 'src/cli/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
  include: ['**/*.ts'],
  exclude: [],
  compilerOptions: { ...lazyImports, rootDir: '..', noEmit: true, types: ['node'] },
});
project.preCompileTask.prependExec(`tsc -p ${cliTsconfig.fileName}`, { name: undefined } as any);
const bundleCli = project.addTask('bundle:cli', { description: 'Bundle the command line' });
bundleCli.exec('esbuild --bundle src/cli/main.ts --target=node20 --platform=node --format=cjs --external:cdk8s --external:constructs '
  + `--sourcemap --tsconfig=${cliTsconfig.fileName} --outfile=assets/cli/index.js`);
bundleCli.exec('node image/third-party-notices.mjs assets/cli/index.js.map > assets/cli/THIRD-PARTY-NOTICES');
project.preCompileTask.spawn(bundleCli);
// What an earlier compilation left there would be packed.
project.preCompileTask.prependExec('rm -rf lib');
project.package.addBin({ [publishing.npm.name]: 'assets/cli/index.js' });

new javascript.TypescriptConfig(project, {
  fileName: 'start/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
  include: ['**/*.ts'],
  exclude: [],
  compilerOptions: { ...lazyImports, rootDir: '..', noEmit: true, types: ['node'], paths: ownName },
});
const examplesTsconfig = new javascript.TypescriptConfig(project, {
  fileName: 'examples/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromTypescriptConfigs([project.tsconfig!]),
  include: ['**/*.ts'],
  exclude: [],
  compilerOptions: { ...lazyImports, rootDir: '..', noEmit: true, types: ['node'], paths: ownName },
});
project.testTask.prependExec(`tsc -p ${examplesTsconfig.fileName}`, { name: undefined } as any);

// -- arrows that may not exist ------------------------------------------------------------------
project.eslint?.allowDevDeps('src/runtime/**');
project.eslint?.allowDevDeps('src/cli/**');
project.eslint?.allowDevDeps('examples/**');
// Folders of constructs: each imports only those before it.
const constructFolders = [
  '_facts', 'validation', 'kubernetes', 'rbac', 'api-service', 'pod', 'serving-certificate', 'promql', 'network', 'availability', 'monitoring', 'rules',
  'nanny', 'extension-api-server', 'metrics-server', 'kubelet-serving-approver', 'metrics-adapter',
];
// Folders of the runtime: what is asked before what answers, and both before the commands that put them together.
const runtimeFolders = [
  'telemetry', 'labels', 'json-path', 'flags', 'cluster', 'server', 'profiling', 'serving-certificate', 'webassembly', 'scrape', 'store', 'custom-metrics', 'api', 'debug',
  'configuration-file', 'prometheus', 'metric-sources', 'other-adapters', 'configured-metrics', 'explain', 'kubelet-serving-approver', 'doctor', 'metrics-adapter',
];
// Of what lies beside them, all but these puts folders together: only commands import it, which are folders too.
const foundations = ['bounded-cache', 'clock', 'go-quote', 'token-bucket', 'version', 'words'];
const commands = ['kubelet-serving-approver', 'doctor', 'metrics-adapter'];
// AssemblyScript, which eslint does not read; and what has an order, or rules, of its own.
const outsideOrders = ['assembly', 'runtime', 'cli'];
const inOrder = (root: string, folders: readonly string[], message: string) => {
  const found = fs.readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const unplaced = found.find((folder) => ![...folders, ...outsideOrders].includes(folder));
  if (unplaced) throw new Error(`${root}/${unplaced} has no place in the order of folders; write it behind those that it imports`);
  return folders.slice(0, -1).map((folder, i) => ({ target: `${root}/${folder}`, from: folders.slice(i + 1).map((later) => `${root}/${later}`), message }));
};
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      { target: './src/!(runtime|cli)/**', from: './src/runtime', message: 'constructs must not import the runtime' },
      { target: './src/*.ts', from: './src/runtime', message: 'constructs must not import the runtime' },
      { target: './src/cli', from: './src/runtime/!(flags|configuration-file|configured-metrics)/**', message: 'the command line shares only how flags and the adapter\'s configuration are read with the runtime' },
      { target: ['./src/!(cli)/**', './src/*.ts'], from: './src/cli', message: 'nothing imports the command line' },
      { target: './src/runtime', from: './src/!(_facts|runtime)/**', message: 'the runtime shares only src/_facts with the constructs' },
      { target: './src/runtime', from: './src/*.ts', message: 'the runtime shares only src/_facts with the constructs' },
      ...inOrder('./src', constructFolders, 'folders of constructs import only those before them in the order of .projenrc.ts'),
      ...inOrder('./src/runtime', runtimeFolders, 'folders of the runtime import only those before them in the order of .projenrc.ts'),
      {
        target: runtimeFolders.filter((folder) => !commands.includes(folder)).map((folder) => `./src/runtime/${folder}`),
        from: `./src/runtime/!(${foundations.join('|')}).ts`,
        message: 'what puts folders together is imported by commands only',
      },
    ],
  }],
});

// -- documentation examples ---------------------------------------------------------------------
const rosetta = project.addTask('rosetta', {
  description: 'Compile every example of README.md and of the doc comments',
  exec: 'jsii-rosetta extract --strict',
});
project.postCompileTask.spawn(rosetta);

// The examples, and the programs that the command line prints, import the library under its published name.
project.eslint?.addOverride({ files: ['examples/**', 'test/golden/from-*/**'], rules: { 'import/no-unresolved': ['error', { ignore: [`^${publishing.npm.name}(/runtime)?$`] }] } });

// -- the main job -------------------------------------------------------------------------------
// Plain scripts: exit codes, signals and the arguments after a second `--` are the program's own.
project.package.setScript('start', 'node start/index.js');
project.package.setScript('image', 'node image/build.mjs');
project.package.setScript('bench', 'test/bench/run');
project.package.setScript('bench:custom', 'test/bench/custom/run');
project.package.setScript('fuzz', 'node test/fuzz/index.js');

// -- what needs more than Node -------------------------------------------------------------------
project.addTask('test:image', {
  description: 'Build the image with buildah against local substitutes of its bases and test it (Debian, root)',
  exec: 'test/image/run',
  receiveArgs: true,
});
project.addTask('test:languages', {
  description: 'Build, install and use the packages for Python, Java and Go, and compare their manifests with TypeScript\'s (Python, JDK, Maven, Go)',
  exec: 'test/languages/run',
  receiveArgs: true,
});
project.addTask('test:e2e', {
  description: 'Test on a real etcd, kube-apiserver, kube-controller-manager and kubectl (Linux, Go)',
  exec: 'test/e2e/run',
  receiveArgs: true,
});

project.addTask('test:e2e:custom', {
  description: 'Test custom and external metrics beside a real Prometheus and prometheus-adapter (Linux, Go)',
  exec: 'test/e2e/custom/run',
  receiveArgs: true,
});

project.addTask('test:kubelet', {
  description: 'Test the image as a pod on a real node: kubelet, containerd and kube-proxy (Debian, root, Go)',
  exec: 'test/kubelet/run',
  receiveArgs: true,
});

project.addTask('test:faults', {
  description: 'Let things go wrong around the runtime: kubelets, API server, clients, certificates and disks (Linux)',
  exec: 'test/faults/run',
  receiveArgs: true,
});

// -- language bindings without any registry beyond npm ------------------------------------------
const peers = ['constructs', 'cdk8s'].map((d) => `node_modules/${d}`).join(' ');
project.addTask('bindings:go', {
  description: 'Build the Go module and the Go modules of its dependencies, linked by replace directives',
  exec: `jsii-pacmak --target go --outdir build/bindings ${peers} .`,
});

// -- workflows ------------------------------------------------------------------------------------
releaseNotes(project);
releaseImage(project);
ciWorkflow(project);

project.synth();
