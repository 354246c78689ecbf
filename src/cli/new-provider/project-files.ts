/** What makes a folder a project of npm and TypeScript. */
export function projectFiles(name: string, version: string): Record<string, string> {
  return { 'package.json': packageJson(name, version), 'tsconfig.json': tsconfigJson(), '.gitignore': 'dist/\nnode_modules/\n' };
}

function packageJson(name: string, version: string): string {
  return json({
    name,
    version: '0.1.0',
    private: true,
    scripts: { build: 'tsc', start: 'npm run --silent build && node dist/src/server.js', test: 'tsc && node --test dist/test/*.test.js', synth: 'tsc && node dist/src/chart.js' },
    dependencies: { 'cdk8s-metrics-server': version },
    devDependencies: { '@types/node': '^20', 'cdk8s': '^2.70.0', 'constructs': '^10.5.0', 'typescript': '~6.0.3' },
  });
}

function tsconfigJson(): string {
  return json({
    compilerOptions: { target: 'es2022', module: 'node16', rootDir: '.', outDir: 'dist', strict: true, sourceMap: true, types: ['node'] },
    include: ['src', 'test'],
  });
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
