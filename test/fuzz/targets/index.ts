import { httpResponse } from './http-response';
import { jsonSamplesOfDocuments } from './json-samples';
import { kubeconfig } from './kubeconfig';
import { metricList } from './metric-list';
import { page } from './page';
import { podRows } from './pod-rows';
import { quantity } from './quantity';
import { requestHeader } from './request-header';
import { selector } from './selector';
import { seriesDecoder } from './series-decoder';
import { textFormat } from './text-format';
import { FuzzTarget } from '../target';

export const TARGETS: readonly FuzzTarget[] = [
  page, podRows, httpResponse, selector, quantity, kubeconfig, requestHeader, textFormat, jsonSamplesOfDocuments, metricList, seriesDecoder,
];
