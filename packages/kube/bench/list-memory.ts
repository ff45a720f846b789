import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createThinStore } from '../src/index.ts';

// node bench/list-memory.ts: how much memory a process takes that lists
// 10,000 pods and keeps their names, by the thin client: page by page, and
// for comparison as one answer from a server that knows no pages.

const PODS = 10_000;

const kubeconfig = process.argv[2];
if (kubeconfig === undefined) await measure();
else await listIn(kubeconfig);

async function measure(): Promise<void> {
  for (const paged of [true, false]) {
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://127.0.0.1').searchParams;
      const start = Number(query.get('continue') ?? 0);
      const end = paged ? Math.min(PODS, start + Number(query.get('limit') ?? PODS)) : PODS;
      const items = Array.from({ length: end - start }, (_, index) => pod(start + index));
      const metadata = { resourceVersion: '1', ...(end < PODS && { continue: `${end}` }) };
      response.end(JSON.stringify({ metadata, items }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const folder = mkdtempSync(join(tmpdir(), 'margay-bench-'));
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, JSON.stringify(kubeconfigOf((server.address() as AddressInfo).port)));
    const child = fork(import.meta.filename, [file]);
    const [result] = (await once(child, 'message')) as [{ beforeMib: number; peakMib: number; count: number }];
    const { beforeMib, peakMib, count } = result;
    const how = paged ? 'in pages of 500' : 'in one answer  ';
    process.stdout.write(`${count} pods ${how}: ${beforeMib} MiB before, ${peakMib} MiB at the most (resident)\n`);
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

async function listIn(file: string): Promise<void> {
  const store = createThinStore({ kubeconfig: file });
  const beforeMib = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const { items } = await store.list('Pod', { trim: ({ metadata: { name } }) => ({ metadata: { name } }) });
  const peakMib = Math.round(process.resourceUsage().maxRSS / 2 ** 10);
  process.send?.({ beforeMib, peakMib, count: items.length }, () => process.exit(0));
}

/** About as long as a pod of a Deployment with one container: 4 KB. */
function pod(index: number): object {
  const text = 'a field of a pod that the reader does not keep '.repeat(2);
  const fields = Object.fromEntries(Array.from({ length: 36 }, (_, field) => [`field-${field}`, text]));
  return { metadata: { name: `pod-${index}`, namespace: 'default', annotations: fields } };
}

function kubeconfigOf(port: number): object {
  return {
    'current-context': 'bench',
    clusters: [{ name: 'bench', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
  };
}
