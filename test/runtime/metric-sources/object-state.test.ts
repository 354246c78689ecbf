import { askOnce, declaredSource, refusalOf } from './declared-source';
import { ApiRequestOptions } from '../../../src/runtime/cluster/api-client';
import { ApiError } from '../../../src/runtime/cluster/api-error';

const deployment = (name: string, status: object) => ({ metadata: { name, namespace: 'shop' }, status });
const READY = "value: '{.status.readyReplicas}'";

async function ask(objects: string, answer: unknown) {
  const requests: ApiRequestOptions[] = [];
  const client = {
    request: async (request: ApiRequestOptions) => {
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return answer as any;
    },
  };
  const asked = await askOnce(await declaredSource(`objects: {${objects}}`, { client }), 7);
  return { ...asked, requests: requests.map(({ path, query }) => [path, query]) };
}

test('one object is got by its name', async () => {
  const { samples, requests, exchanges } = await ask(`apiVersion: apps/v1, resource: deployments, namespace: shop, name: web, ${READY}`, { ...deployment('web', { readyReplicas: 3 }), data: { password: 'hunter2' } });
  expect(samples).toEqual([{ labels: { name: 'web', namespace: 'shop' }, value: 3, timestampMs: 7 }]);
  expect(requests).toEqual([['/apis/apps/v1/namespaces/shop/deployments/web', {}]]);
  expect(exchanges).toEqual([{
    source: 'kubernetes', asked: 'GET /apis/apps/v1/namespaces/shop/deployments/web', answer: '[{"labels":{"name":"web","namespace":"shop"},"value":3,"timestampMs":7}]',
  }]);
});

test('others are listed by a selector; one without the value has none, or what stands for it', async () => {
  const items = { items: [deployment('web', { readyReplicas: 3 }), deployment('api', {})] };
  const objects = `apiVersion: v1, resource: services, selector: 'app in (b,a)', ${READY}`;
  const { samples, requests } = await ask(objects, items);
  expect(samples.map(({ labels, value }) => [labels.name, value])).toEqual([['web', 3]]);
  expect(requests[0]).toEqual(['/api/v1/services', { labelSelector: 'app in (a,b)', limit: '1000' }]);
  expect((await ask(`${objects}, absent: 0`, items)).samples.map(({ value }) => value)).toEqual([3, 0]);
});

test.each([
  [new ApiError({ message: 'deployments.apps "web" not found', reason: 'NotFound' }, 404), 'source kubernetes: HTTP 404: deployments.apps "web" not found; GET /apis/apps/v1/deployments/web'],
  [deployment('web', { readyReplicas: 'many' }), 'source kubernetes: web: it has a text that is no number at {.status.readyReplicas}; give a path to a number, a quantity such as 250m, true or false; GET /apis/apps/v1/deployments/web'],
])('what cannot be had is said', async (answer, message) => {
  await expect(ask(`apiVersion: apps/v1, resource: deployments, name: web, ${READY}`, answer)).rejects.toThrow(message);
});

test('more objects than can be read at once are refused', async () => {
  const answer = { metadata: { continue: 'x' }, items: [] };
  await expect(ask(`apiVersion: apps/v1, resource: deployments, ${READY}`, answer)).rejects.toThrow('there are more than 1000; choose fewer by selector or namespace');
});

test.each([
  ["objects: {resource: deployments, value: '{.a}'}", '.objects.apiVersion is ""; give a version, behind its group and / but for the core group, such as apps/v1'],
  ["objects: {apiVersion: apps/v1, resource: Deployment, value: '{.a}'}", '.objects.resource is "Deployment"; give the plural in lower case, such as deployments'],
  ["objects: {apiVersion: v1, resource: secrets, value: '{.data.a}'}", '.objects.resource is secrets, which no metric is made of; give another resource'],
  ["objects: {apiVersion: apps/v1, resource: deployments, namespace: a/b, value: '{.a}'}", '.objects.namespace is "a/b"; give the name of a namespace'],
  ["objects: {apiVersion: apps/v1, resource: deployments, name: a, selector: b, value: '{.a}'}", '.objects has both name and selector; give one of them, or none for all objects'],
  ['objects: {apiVersion: apps/v1, resource: deployments}', '.objects.value is missing; give a JSON path such as {.depth}'],
])('%s is refused', async (fields, message) => {
  expect(await refusalOf(fields)).toBe(`config.yaml:3: metrics[0]${message}`);
});
