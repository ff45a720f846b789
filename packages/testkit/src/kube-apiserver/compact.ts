/** etcd's JSON gateway writes 64-bit numbers as text. */
interface RangeAnswer {
  readonly header?: { readonly revision?: string };
}

/** Makes etcd forget all revisions before the newest one. @throws {Error} etcd refuses */
export async function compactEtcd(url: string): Promise<void> {
  const call = async (path: string, body: object): Promise<RangeAnswer> => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd refuses ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as RangeAnswer;
  };
  const key = Buffer.from('/').toString('base64');
  const { header } = await call('/v3/kv/range', { key, count_only: true });
  await call('/v3/kv/compaction', { revision: header?.revision ?? '0', physical: true });
}
