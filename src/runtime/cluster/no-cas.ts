/**
 * For TLS that verifies nobody, or nobody yet. Without any list Node takes all public CAs, which it parses for the first
 * context that does, and keeps.
 */
export const NO_CAS: string[] = [];
