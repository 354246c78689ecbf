/** One setting of `--vmodule`. */
export interface ModuleVerbosity {
  /** The name of a module; `*` and `?` stand for any characters and for one. */
  readonly pattern: string;
  readonly level: number;
}

/** The first setting of `--vmodule` that names a module, which counts where it is more than `--v`. As klog. */
export function moduleLevel(module: string, settings: readonly ModuleVerbosity[]): number {
  return settings.find(({ pattern }) => matches(module, pattern))?.level ?? 0;
}

function matches(module: string, pattern: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(module);
}
