import { ObjectMetadata } from './object-metadata';

/** What the runtime keeps of a Pod. */
export interface PodRecord extends ObjectMetadata {
  /** Names of its containers that run, or are going to; undefined when only metadata is watched. */
  readonly living?: readonly string[];
  /** Noted by the store: see SoughtPod. */
  row?: number;
}
