/** One value of a source. */
export interface Sample {
  /** With `__name__`, where the query keeps it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  /** May be NaN or infinite. */
  readonly value: number;
  /** Seconds over which it is a rate, where the source says so itself. */
  readonly windowSeconds?: number;
}

/** Series with the same labels are the same, whichever source they come from. */
export function seriesKey(labels: Sample['labels']): string {
  let previous = '';
  for (const name of Object.keys(labels)) {
    if (name < previous) return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
    previous = name;
  }
  // In order already, as Prometheus writes them: this is asked of every sample of every answer.
  return JSON.stringify(labels);
}

/** What an instant query gives: a scalar is one sample without labels. */
export interface QueryAnswer {
  readonly type: 'vector' | 'scalar';
  readonly samples: readonly Sample[];
}

/** Reads `data` of an answer of `/api/v1/query`. @throws Error with what is wrong with it */
export function queryAnswer(data: unknown): QueryAnswer {
  const { resultType, result } = (data ?? {}) as { readonly resultType?: unknown; readonly result?: unknown };
  if (resultType === 'scalar') return { type: 'scalar', samples: [sample({}, result)] };
  if (resultType !== 'vector' || !Array.isArray(result)) {
    throw new Error(`it gives a ${typeof resultType === 'string' ? resultType : 'result of no type'}, where a vector or a scalar is needed`);
  }
  return { type: 'vector', samples: result.map(vectorSample) };
}

function vectorSample(element: { readonly metric?: unknown; readonly value?: unknown; readonly histogram?: unknown }): Sample {
  if (element.value === undefined && element.histogram !== undefined) {
    throw new Error('it gives native histograms; take a number of them, such as histogram_quantile or histogram_avg does');
  }
  return sample((element.metric ?? {}) as Sample['labels'], element.value);
}

function sample(labels: Sample['labels'], pair: unknown): Sample {
  if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') throw new Error('it holds a value without time or number');
  return { labels, timestampMs: Math.round(pair[0] * 1000), value: numberOf(pair[1]) };
}

function numberOf(text: string): number {
  switch (text) {
    case 'NaN':
      return NaN;
    case '+Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default:
      return text.trim() === '' ? NaN : Number(text);
  }
}
