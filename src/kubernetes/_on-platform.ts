import { ApiObject } from 'cdk8s';
import { Platform } from './platform';
import { PLATFORM_ANNOTATION } from '../_facts/platforms';
import { PodDefaults } from '../_facts/pod';

/** Defaults of a server's pod, with the port that the platform wants where nobody gives one. */
export function onPlatform(defaults: PodDefaults, platform?: Platform): PodDefaults {
  return { ...defaults, securePort: platform?._facts.securePort ?? defaults.securePort };
}

/** Writes it where rules and reviewers find it. */
export function recordPlatform(deployment: ApiObject, platform?: Platform): void {
  if (platform) deployment.metadata.addAnnotation(PLATFORM_ANNOTATION, platform.name);
}
