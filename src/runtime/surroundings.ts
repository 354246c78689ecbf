import { Clock, Random } from './clock';
import { Logger, Loggers } from './telemetry/logger';
import { Verbosity } from './telemetry/verbosity';

/** What the runtime takes from its surroundings. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: NodeJS.ProcessEnv;
  readonly loggers: Loggers;
  /** Of those loggers. @default nobody may change it */
  readonly verbosity?: Verbosity;
}

/** Those of one module, whose name its lines of the log carry. */
export interface ModuleSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function surroundingsOf({ clock, random, loggers }: Surroundings, module: string): ModuleSurroundings {
  return { clock, random, logger: loggers(module) };
}
