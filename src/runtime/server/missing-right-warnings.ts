import { ReviewClient, ReviewOptions } from './review-client';
import { Feature } from '../../_facts/rights';
import { missingRight } from '../cluster/missing-right';
import { Logger } from '../telemetry/logger';

/** Warns once when what a feature creates may not be created, and says once when it may again. */
export class MissingRightWarnings implements ReviewClient {
  private isForbidden = false;

  constructor(private readonly client: ReviewClient, private readonly feature: Feature, private readonly logger: Logger) {}

  async create<T>(path: string, body: unknown, options?: ReviewOptions): Promise<T> {
    try {
      const review = await this.client.create<T>(path, body, options);
      if (this.isForbidden) this.logger.info('The missing right is granted', { on: this.feature.name });
      this.isForbidden = false;
      return review;
    } catch (error) {
      const missing = missingRight(error, this.feature);
      if (missing && !this.isForbidden) this.logger.warn('A right is missing', { ...missing, reason: (error as Error).message });
      this.isForbidden ||= missing !== undefined;
      throw error;
    }
  }
}
