import { constants } from 'node:crypto';
import { createSecureContext, SecureContextOptions } from 'node:tls';
import { trustedForClients } from './authentication/trusted-certificate';
import { ContextOfName, contextsByName, NamedCertificate } from './named-certificates';
import { certificatesIn } from '../cluster/certificates-in';
import { NO_CAS } from '../cluster/no-cas';
import { CIPHERS } from '../cluster/tls-ciphers';

/** In OpenSSL's terms; what is undefined is left to it. */
export interface ServerTls {
  /** @default 'TLSv1.2' */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** @default those of Node.js, and certificates as weak as Go takes them */
  readonly ciphers?: string;
  readonly curves?: string;
}

/** A certificate with its intermediates, and its key, both PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * What a server shows of itself, and by which CAs it judges what clients show: for connections from now on. What cannot be used
 * throws, and what was there before stays.
 */
export class TlsContexts {
  private servingCertificate: ServingCertificate | undefined;
  /** By their place among those that are given. */
  private namedCertificates: ReadonlyMap<number, NamedCertificate> = new Map();
  private contextOfName?: ContextOfName;
  /** One certificate each. */
  private clientCas: readonly string[] = [];

  /** `use` takes the context of clients that ask for no name, or for one that nobody has. */
  constructor(private readonly tls: ServerTls, private readonly use: (context: SecureContextOptions) => void) {}

  readonly ofName: ContextOfName = (name) => this.contextOfName?.(name);

  setServingCertificate(certificate: ServingCertificate): void {
    this.set(certificate, this.clientCas);
    this.servingCertificate = certificate;
  }

  setNamedCertificate(place: number, certificate: NamedCertificate): void {
    const namedCertificates = new Map(this.namedCertificates).set(place, certificate);
    this.contextOfName = this.contextsByName(namedCertificates, this.clientCas);
    this.namedCertificates = namedCertificates;
  }

  /** Each PEM text holds one or more. Returns whether they are others than before. */
  setClientCas(pems: readonly string[]): boolean {
    const clientCas = [...new Set(pems.flatMap(certificatesIn).map(trustedForClients))].sort();
    if (clientCas.join() === this.clientCas.join()) return false;
    this.set(this.servingCertificate, clientCas);
    this.clientCas = clientCas;
    return true;
  }

  private set(certificate: ServingCertificate | undefined, clientCas: readonly string[]): void {
    const contextOfName = this.contextsByName(this.namedCertificates, clientCas);
    this.use({ ...certificate, ...this.contextOptions(clientCas) });
    this.contextOfName = contextOfName;
  }

  private contextsByName(byPlace: ReadonlyMap<number, NamedCertificate>, clientCas: readonly string[]): ContextOfName {
    const certificates = [...byPlace].sort(([a], [b]) => a - b).map(([, certificate]) => certificate);
    return contextsByName(certificates, ({ cert, key }) => createSecureContext({ cert, key, ...this.contextOptions(clientCas) }));
  }

  /** The same whatever the certificate. */
  private contextOptions(clientCas: readonly string[]): SecureContextOptions {
    const { minVersion = 'TLSv1.2', ciphers = CIPHERS, curves } = this.tls;
    return {
      ca: clientCas.length > 0 ? [...clientCas] : NO_CAS,
      minVersion,
      ciphers,
      ecdhCurve: curves,
      // A resumed session would keep a client certificate whose CA is gone.
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
  }
}
