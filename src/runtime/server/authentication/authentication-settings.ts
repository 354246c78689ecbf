/** How the cluster wants requests authenticated. Read anew for each request, because CAs rotate. */
export interface AuthenticationSettings {
  /** PEM bundle that client certificates are verified against; without it there are none. */
  readonly clientCa?: string;
  /** Absent when the cluster has no front proxy: then nobody may say by header who the user is. */
  readonly requestHeader?: RequestHeaderSettings;
}

export interface RequestHeaderSettings {
  /** PEM bundle that the front proxy's certificate is verified against. */
  readonly clientCa: string;
  /** Common names the front proxy's certificate may have; any if empty. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeadersPrefixes: readonly string[];
  readonly uidHeaders: readonly string[];
}
