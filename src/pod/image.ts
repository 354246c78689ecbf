import { IConstruct } from 'constructs';
import { companionFacts, ImageFacts, KNOWN_RELEASES, upstreamFacts } from '../_facts/images';
import { readPackage } from '../_package';
import { fieldsOf, instanceOf } from '../validation/_checks';
import { checkImageReference, refuse } from '../validation/_validation';

/** Options for `Image.custom()`. */
export interface CustomImageOptions {
  /**
   * Image that this one is a copy, a mirror or a build of. It says which flags, API versions and serving certificates are possible.
   */
  readonly compatibleWith: Image;
}

/** When the kubelet pulls an image. */
export enum ImagePullPolicy {
  /** Each time a container starts. */
  ALWAYS = 'Always',
  /** When the node does not have it. */
  IF_NOT_PRESENT = 'IfNotPresent',
  /** Never: it must be on the node. */
  NEVER = 'Never',
}

/**
 * Image of the metrics server. It decides what else is possible: served API versions, serving certificates, flags, rights.
 *
 * @example
 * // The image of the Kubernetes project, as its own manifests run it.
 * new MetricsServer(this, 'metrics-server', {
 *   image: Image.upstream('v0.9.0'),
 *   servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
 * });
 */
export class Image {
  /**
   * The metrics runtime of this package, at this package's version: a drop-in for metrics-server that serves `metrics.k8s.io/v1` beside
   * `v1beta1` and looks after its own serving certificate.
   */
  public static companion(): Image {
    const { companionImage, version } = readPackage();
    return new Image(`${companionImage}:${version}`, companionFacts(companionImage));
  }

  /**
   * The image of the Kubernetes project.
   *
   * The construct that takes it refuses a tag whose facts it does not know. See `Image.custom()` for such an image.
   *
   * @param tag Release of metrics-server, v0.3.0 or newer, such as `v0.9.0`
   */
  public static upstream(tag: string): Image {
    // Anything else is refused as the reference that it is none of.
    if (typeof tag !== 'string') return new Image(tag);
    const facts = upstreamFacts(tag);
    return new Image(`${facts?.repository ?? 'registry.k8s.io/metrics-server/metrics-server'}:${tag}`, facts);
  }

  /**
   * Any other image: a mirror, a build of your own, a release that is newer than this package.
   *
   * @param reference Image reference with tag or digest, such as `registry.example.com/metrics-server:v0.9.0`
   * @param options What the image can do
   */
  public static custom(reference: string, options: CustomImageOptions): Image {
    return new Image(reference, undefined, options ?? {});
  }

  /** Reference with tag or digest, as it stands in the Deployment. */
  public readonly reference: string;

  private readonly facts?: ImageFacts;
  private readonly options?: CustomImageOptions;

  private constructor(reference: string, facts?: ImageFacts, options?: CustomImageOptions) {
    this.reference = reference;
    this.facts = facts;
    this.options = options;
  }

  /** @internal What the image can do. */
  public _check(scope: IConstruct, property = 'image'): ImageFacts {
    checkImageReference(scope, property, this.reference);
    if (this.facts) return this.facts;
    if (this.options) {
      checkCustomImageOptions(scope, property, this.options);
      return this.options.compatibleWith._check(scope, `${property}.compatibleWith`);
    }
    return refuse(scope, {
      property,
      given: this.reference,
      allowed: `tags of metrics-server from ${KNOWN_RELEASES}`,
      mend: 'use such a tag, or Image.custom(reference, { compatibleWith: Image.upstream(\'v0.9.0\') }) if the image takes the same flags',
    });
  }
}

const checkCustomImageOptions = fieldsOf<CustomImageOptions>({ compatibleWith: instanceOf(Image) }, {});
