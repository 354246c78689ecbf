import { Clock } from '../../clock';
import { ReviewClient } from '../review-client';
import { AuthenticationSettings } from './authentication-settings';
import { AuthenticatorChain } from './authenticator';
import { BearerTokenAuthenticator } from './bearer-token';
import { ClientCertificateAuthenticator } from './client-certificate';
import { ClientCertificateVerifier } from './client-certificate-verifier';
import { FrontProxyAuthenticator } from './front-proxy';
import { WebSocketTokenAuthenticator } from './websocket-token';

export interface DelegatingAuthenticationOptions {
  /** Called for each request. */
  readonly settings: () => AuthenticationSettings;
  readonly client: ReviewClient;
  readonly clock: Clock;
  /** How long an answer of the TokenReview API is remembered. */
  readonly tokenTtlMs: number;
}

/** Authentication of an extension API server: front proxy, client certificate, bearer token, anonymous. */
export function delegatingAuthentication({ settings, client, clock, tokenTtlMs }: DelegatingAuthenticationOptions): AuthenticatorChain {
  const verifier = new ClientCertificateVerifier(clock);
  const tokens = new BearerTokenAuthenticator(client, clock, tokenTtlMs);
  return new AuthenticatorChain([
    new FrontProxyAuthenticator(settings, verifier),
    new ClientCertificateAuthenticator(settings, verifier),
    tokens,
    new WebSocketTokenAuthenticator(tokens),
  ]);
}
