import { IConstruct } from 'constructs';
import { SourceFile } from './_source-file';
import { pathOf } from './_source-volume';
import { ISecretRef } from '../kubernetes/references';
import { checkText, refuse } from '../validation/_validation';

const POD_TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** What the adapter shows a source to be let in. Secrets stay Secrets: the configuration names the files that they are mounted as, which are read again as they rotate. */
export class SourceCredentials {
  /**
   * A bearer token.
   *
   * @param secret Secret with the token, in the adapter's namespace
   * @param key Key of the Secret's data, `token` if left out
   */
  public static bearerToken(secret: ISecretRef, key: string = 'token'): SourceCredentials {
    const file = new SourceFile('secret', secret, key);
    return new SourceCredentials(() => ({ bearerTokenFile: pathOf(file) }), file);
  }

  /** The token of the adapter's own ServiceAccount, as the Prometheus of OpenShift and any other behind kube-rbac-proxy takes it. */
  public static serviceAccountToken(): SourceCredentials {
    return new SourceCredentials(() => ({ bearerTokenFile: POD_TOKEN_FILE }));
  }

  /**
   * User and password.
   *
   * @param username The user, without a colon
   * @param secret Secret with the password, in the adapter's namespace
   * @param key Key of the Secret's data, `password` if left out
   */
  public static basicAuth(username: string, secret: ISecretRef, key: string = 'password'): SourceCredentials {
    const file = new SourceFile('secret', secret, key);
    return new SourceCredentials(() => ({ basicAuth: { username, passwordFile: pathOf(file) } }), file, (scope, property) => {
      checkText(scope, `${property}.username`, username);
      if (username !== '' && !username.includes(':')) return;
      refuse(scope, {
        property: `${property}.username`, given: username, allowed: 'a name that is not empty, without a colon', mend: 'name the user that the source knows',
      });
    });
  }

  private constructor(
    private readonly configured: () => object,
    /** @internal */
    public readonly _file?: SourceFile,
    private readonly checkRest?: (scope: IConstruct, property: string) => void,
  ) {}

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    return this.configured();
  }

  /** @internal Whether it is the adapter's own ServiceAccount that is shown. */
  public get _isServiceAccount(): boolean {
    return !this._file;
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    this.checkRest?.(scope, property);
    this._file?.check(scope, property, namespace);
  }
}
