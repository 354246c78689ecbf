/** Values that a log line may carry beside its message. Never a token, a key or a request header. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log lines, one per event. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Logs at info severity when `--v` is at least `level`. */
  verbose(level: number, message: string, fields?: LogFields): void;
}

/** The logger of a module, by the name that its lines carry. */
export type Loggers = (module: string) => Logger;

export const silentLogger: Logger = { info() {}, warn() {}, error() {}, verbose() {} };
