/**
 * A ServiceAccount that exists already, by name.
 *
 * In TypeScript a ServiceAccount construct of another library fits, for it has a name. Java and .NET go by declared types: there give
 * `ServiceAccountRef.fromName()` its name, which works in every language.
 */
export interface IServiceAccountRef {
  /** Name of the ServiceAccount. */
  readonly name: string;
}

/** A ServiceAccount that exists already. */
export class ServiceAccountRef implements IServiceAccountRef {
  /**
   * Refers to a ServiceAccount by name.
   *
   * @param name Name of the ServiceAccount, in the namespace of whatever refers to it.
   */
  public static fromName(name: string): ServiceAccountRef {
    return new ServiceAccountRef(name);
  }

  /** Name of the ServiceAccount. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}

/**
 * A Secret that exists already, by name.
 *
 * In TypeScript a Secret construct of another library fits, for it has a name. Java and .NET go by declared types: there give
 * `SecretRef.fromName()` its name, which works in every language.
 */
export interface ISecretRef {
  /** Name of the Secret. */
  readonly name: string;
}

/** A Secret that exists already. */
export class SecretRef implements ISecretRef {
  /**
   * Refers to a Secret by name.
   *
   * @param name Name of the Secret, in the namespace of whatever refers to it.
   */
  public static fromName(name: string): SecretRef {
    return new SecretRef(name);
  }

  /** Name of the Secret. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}

/**
 * A ConfigMap that exists already, by name.
 *
 * In TypeScript a ConfigMap construct of another library fits, for it has a name. Java and .NET go by declared types: there give
 * `ConfigMapRef.fromName()` its name, which works in every language.
 */
export interface IConfigMapRef {
  /** Name of the ConfigMap. */
  readonly name: string;
}

/** A ConfigMap that exists already. */
export class ConfigMapRef implements IConfigMapRef {
  /**
   * Refers to a ConfigMap by name.
   *
   * @param name Name of the ConfigMap, in the namespace of whatever refers to it.
   */
  public static fromName(name: string): ConfigMapRef {
    return new ConfigMapRef(name);
  }

  /** Name of the ConfigMap. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}

/**
 * A Service that exists already, by name.
 *
 * In TypeScript a Service construct of another library fits, for it has a name. Java and .NET go by declared types: there give
 * `ServiceRef.fromName()` its name, which works in every language.
 */
export interface IServiceRef {
  /** Name of the Service. */
  readonly name: string;
}

/** A Service that exists already. */
export class ServiceRef implements IServiceRef {
  /**
   * Refers to a Service by name.
   *
   * @param name Name of the Service, in the namespace of whatever refers to it.
   */
  public static fromName(name: string): ServiceRef {
    return new ServiceRef(name);
  }

  /** Name of the Service. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }
}
