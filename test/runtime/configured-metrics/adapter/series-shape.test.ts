import { SeriesShapes } from '../../../../src/runtime/configured-metrics/adapter/series-shape';

test('of series with the same name and labels one is kept, where the last one stood', () => {
  const shapes = new SeriesShapes();
  shapes.add({ __name__: 'HTTP_REQUESTS', pod: 'web-0' });
  shapes.add({ __name__: 'http_requests_total', pod: 'web-0' });
  shapes.add({ pod: 'web-1', __name__: 'HTTP_REQUESTS' });
  shapes.add({ pod: 'web-2', __name__: 'HTTP_REQUESTS' });
  shapes.add({ __name__: 'HTTP_REQUESTS', pod: 'web-3', namespace: 'shop' });

  expect(shapes.all).toEqual([
    { name: 'http_requests_total', labels: ['pod'] }, { name: 'HTTP_REQUESTS', labels: ['pod'] }, { name: 'HTTP_REQUESTS', labels: ['namespace', 'pod'] },
  ]);
});
