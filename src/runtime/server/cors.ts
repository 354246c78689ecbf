import { ServerResponse } from 'node:http';

/** What k8s.io/apiserver allows. */
const ALLOWED = {
  'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
  'access-control-allow-headers': 'Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since',
  'access-control-expose-headers': 'Date',
  'access-control-allow-credentials': 'true',
};

/** Whether an origin is one of those. Anybody may ask: it must not take longer than the text is long. */
export interface OriginPattern {
  test(origin: string): boolean;
}

/** The name of a host has 253 characters. */
const MAX_ORIGIN_LENGTH = 300;

/** Allows the page of an origin to read the answer. True when that was all it asked, before its real request. */
export function allowOrigin(
  allowed: readonly OriginPattern[], method: string | undefined, origin: string | undefined, response: ServerResponse,
): boolean {
  if (!origin || origin.length > MAX_ORIGIN_LENGTH || !allowed.some((pattern) => pattern.test(origin))) return false;
  Object.entries({ 'access-control-allow-origin': origin, ...ALLOWED }).forEach(([name, value]) => response.setHeader(name, value));
  return method === 'OPTIONS';
}
