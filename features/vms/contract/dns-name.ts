const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A label of RFC 1123, as Kubernetes takes it: at most 63 characters. */
export const isDnsLabel = (text: string): boolean => LABEL.test(text);

/** What Kubernetes calls a DNS subdomain: names of most objects, at most 253 characters. */
export const isDnsName = (text: string): boolean => text.length <= 253 && SUBDOMAIN.test(text);
