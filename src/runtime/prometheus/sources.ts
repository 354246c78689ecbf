import { Prometheus } from './prometheus-client';

/** The sources of a configuration; the first is for what names none. */
export class Sources {
  constructor(private readonly all: readonly Prometheus[]) {}

  get(name: string | undefined): Prometheus {
    return name === undefined ? this.all[0] : this.all.find((source) => source.name === name)!;
  }
}
