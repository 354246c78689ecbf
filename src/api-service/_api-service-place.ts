import { Construct } from 'constructs';

/** Where APIServices are synthesized, and what their metadata says to whoever applies them. */
export interface ApiServicePlace {
  readonly scope: Construct;
  readonly annotations?: Readonly<Record<string, string>>;
}
