/** How the runtime proves who it is. Several may be given; none at all is anonymous. */
export interface Credentials {
  readonly bearerToken?: string;
  readonly clientCertificate?: ClientCertificate;
  /** For a proxy in front of the API server; kube-apiserver itself knows no passwords since 1.19. */
  readonly basic?: { readonly username: string; readonly password: string };
}

/** PEM texts. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CredentialSource {
  /** Asked before each request: what rotates is renewed here, everything else is answered from memory. */
  credentials(): Promise<Credentials>;
  /** Call after a 401: cached credentials are forgotten, so that the next request reads them anew. */
  invalidate(): void;
}

/** Where the API server is, how it is verified and who asks. */
export interface ClusterConfig extends CredentialSource {
  /** May have a path in front of the API's own, as gateways to several clusters have. */
  readonly server: URL;
  /** Name the server's certificate must be for, if not the host of `server`. */
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify: boolean;
  /** Namespace of the service account or context. */
  readonly namespace?: string;
  /** PEM, re-read from its file as it rotates; undefined for the certificate authorities of the system. */
  certificateAuthority(): string | undefined;
}
