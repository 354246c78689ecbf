/** As k8s.io/apiserver names a group in tags and operation ids: `custom.metrics.k8s.io` is `customMetrics`. */
export function groupIdentifier(group: string): string {
  const [first, ...rest] = group.replace(/\.k8s\.io$/, '').split('.');
  return [first, ...rest.map(capitalized)].join('');
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
