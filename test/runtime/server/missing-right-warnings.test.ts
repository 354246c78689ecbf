import { FEATURES } from '../../../src/_facts/rights';
import { ApiError } from '../../../src/runtime/cluster/api-error';
import { MissingRightWarnings } from '../../../src/runtime/server/missing-right-warnings';
import { RecordingLogger } from '../cluster/fixtures';

test('a missing right is told once, with the feature that is off, and once when it is granted', async () => {
  const answers: unknown[] = [403, 403, 503, 201, 201, 403].map((code) => code === 201 ? {} : new ApiError({ message: `code ${code}` }, code as number));
  const create = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer as any;
  };
  const logger = new RecordingLogger();
  const client = new MissingRightWarnings({ create }, FEATURES.tokenReviews(), logger);
  while (answers.length > 0) await client.create('/', {}).catch(() => undefined);
  const warning = 'W A right is missing off=authentication of bearer tokens needs=create tokenreviews.authentication.k8s.io reason=code 403';
  expect(logger.lines).toEqual([warning, 'I The missing right is granted on=authentication of bearer tokens', warning]);
});
