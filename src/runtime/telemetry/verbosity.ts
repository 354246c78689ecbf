/** The value of `--v`, which may be set anew while the process runs. */
export interface Verbosity {
  level: number;
}
