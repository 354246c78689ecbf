/** kube-apiserver, which asks for everybody. */
export const FRONT_PROXY = Symbol('front proxy');

/** Whose a connection is: a user's, by name, or kube-apiserver's. */
export type Owner = string | typeof FRONT_PROXY;
