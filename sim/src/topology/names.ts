/** RFC 1123 label, as Kubernetes wants for names of namespaces: at most 63 characters. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

export const LABEL_RULE = "use at most 63 small letters, digits and '-', starting and ending with a letter or digit";

export function isDnsLabel(text: string): boolean {
  return LABEL.test(text);
}

/** RFC 1123 subdomain, as Kubernetes wants for names of nodes and pods: labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isDnsLabel);
}

/** A Linux interface name: at most 15 bytes, no slash or space. */
export function isInterfaceName(text: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9._-]{0,14}$/.test(text) && text !== 'lo';
}

/** Key of a Kubernetes label: an optional DNS prefix and a name. */
export function isLabelKey(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || (parts.length === 2 && !isDnsSubdomain(parts[0] ?? ''))) return false;
  return /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(name);
}

export function isLabelValue(text: string): boolean {
  return /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(text);
}
