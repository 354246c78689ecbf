/** One setting of `--vmodule`. */
export interface ModuleVerbosity {
  /** The name of a module; `*` and `?` stand for any characters and for one. */
  readonly pattern: string;
  readonly level: number;
}

/** Verbosity of a module: `--v`, or the first setting of `--vmodule` that names it where that is more. As klog. */
export function verbosityOf(module: string, verbosity: number, settings: readonly ModuleVerbosity[]): number {
  return Math.max(verbosity, settings.find(({ pattern }) => matches(module, pattern))?.level ?? 0);
}

function matches(module: string, pattern: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(module);
}
