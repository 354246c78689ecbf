import { Lab, LabFiles, LabSetup } from './lab';

/** What can be said of the runtime while a fault lasts. */
export interface Claim {
  /** For docs/faults.md: after "while it lasts". */
  readonly says: string;
  /** Rejects as long as it is not so. */
  holds(lab: Lab, begunMs: number): Promise<void>;
}

/** Lets the fault end. */
export type End = () => void | Promise<void>;

/** Something that goes wrong around the runtime, and what it does about it. */
export interface Fault {
  /** Of the test, and of its row in docs/faults.md. */
  readonly name: string;
  /** @default nothing but a cluster and the runtime */
  readonly setUp?: (files: LabFiles) => LabSetup | Promise<LabSetup>;
  readonly served: readonly Claim[];
  /** From a minute after its end at the latest, beside all that was answered before. */
  readonly servedAfterwards?: readonly Claim[];
  /** Warnings and errors, each once, and no others: their level and text, with `…` for what is in between. */
  readonly logged: readonly string[];
  /** The same, once a minute at most, however often the fault comes back. */
  readonly loggedAtTimes?: readonly string[];
  /** Others that may come, when somebody asks at that moment or the machine is slow, and as often as that is so. */
  readonly loggedPerhaps?: readonly string[];
  /** Lines that say that it is over. */
  readonly loggedAfterwards?: readonly string[];
  /** Self-metrics that grow meanwhile: a family, or those of its series that have these labels. */
  readonly counted: readonly string[];
  /** Too long for each run of CI. @default false */
  readonly isLong?: boolean;
  begin(lab: Lab): End | Promise<End>;
}
