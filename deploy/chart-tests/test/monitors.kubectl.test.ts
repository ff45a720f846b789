import { join } from 'node:path';
import { PodMonitor, ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { COMBINATIONS } from '../src/combinations.ts';
import { type KubernetesObject, nameOf, render } from '../src/helm.ts';

// The Prometheus operator's kinds, as published: the package's validators know
// types and patterns, and its declarations know every field, so that the
// compiler refuses others in a literal.

const MODELS = { ServiceMonitor, PodMonitor } as const;
type MonitorKind = keyof typeof MODELS;

const monitors = render(COMBINATIONS.monitored ?? {}).filter(({ kind }) => kind in MODELS);

/** What the compiler says of an object of this kind; empty when each of its fields is known and has the right type. */
function compilerSays(object: KubernetesObject): string[] {
  const file = join(import.meta.dirname, 'monitor.ts');
  const source = [
    `import type { I${object.kind} } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';`,
    `export const object: I${object.kind} = ${JSON.stringify(object)};`,
  ].join('\n');
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the monitors', () => {
  it('are a ServiceMonitor for the services and a PodMonitor for the agents', () => {
    expect(monitors.map(nameOf).sort()).toEqual(['PodMonitor margay-node-agent', 'ServiceMonitor margay']);
  });

  it.each(monitors.map((object) => [nameOf(object), object] as const))('%s is as published', (_, object) => {
    const { kind, apiVersion: _apiVersion, ...data } = object;
    new MODELS[kind as MonitorKind](data as never).validate();
    expect(compilerSays(object)).toEqual([]);
  });

  it('would be refused with a field that is not published', () => {
    const [monitor] = monitors;
    if (monitor === undefined) throw new Error('there is no monitor');
    const wrong = { ...monitor, spec: { ...(monitor.spec as object), endpionts: [] } };
    expect(compilerSays(wrong).join()).toContain(`'"endpionts"' does not exist`);
  });
});
