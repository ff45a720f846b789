type Fields = Record<string, unknown>;

/** 0644 */
const FILE_MODE = 420;
const TOKEN_SECONDS = 3600;

/** What volumes of a pod have when they do not say so themselves. Source: the Kubernetes API reference. */
export function fillVolumes(volumes: readonly Fields[]): void {
  for (const volume of volumes) {
    if (Object.keys(volume).every((name) => name === 'name')) volume.emptyDir = {};
    for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
      const files = volume[source] as Fields | undefined;
      if (files !== undefined) files.defaultMode ??= FILE_MODE;
    }
    const { hostPath, downwardAPI, projected } = volume as Record<string, Fields | undefined>;
    if (hostPath !== undefined) hostPath.type ??= '';
    fillItems(downwardAPI);
    for (const source of listOf(projected?.sources)) {
      fillItems(source.downwardAPI);
      const token = source.serviceAccountToken as Fields | undefined;
      if (token !== undefined) token.expirationSeconds ??= TOKEN_SECONDS;
    }
  }
}

/** Fields of the pod as files. */
function fillItems(source: unknown): void {
  for (const { fieldRef } of listOf((source as Fields | undefined)?.items)) {
    if (fieldRef !== undefined) (fieldRef as Fields).apiVersion ??= 'v1';
  }
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}
