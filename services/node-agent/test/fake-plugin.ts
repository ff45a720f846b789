import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A CNI plugin that can only tell its versions, as those of containernetworking do. */
export function writePlugin(path: string, release: string, cniVersions: readonly string[]): void {
  const answer = JSON.stringify({ cniVersion: '1.0.0', supportedVersions: cniVersions });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\nif [ -z "$CNI_COMMAND" ]; then echo 'CNI test plugin ${release}' >&2; else echo '${answer}'; fi\n`,
  );
  chmodSync(path, 0o755);
}
