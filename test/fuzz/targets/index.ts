import { httpResponse } from './http-response';
import { kubeconfig } from './kubeconfig';
import { page } from './page';
import { quantity } from './quantity';
import { requestHeader } from './request-header';
import { selector } from './selector';
import { FuzzTarget } from '../target';

export const TARGETS: readonly FuzzTarget[] = [page, httpResponse, selector, quantity, kubeconfig, requestHeader];
