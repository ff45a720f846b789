import { pod } from './manifests.ts';

/** An object that both servers get before the tests. */
export interface Fixture {
  /** Of its collection. */
  readonly path: string;
  readonly body: object;
  /** Written once the object is there. */
  readonly status?: object;
}

/** When all that the fixtures tell of happened. */
export const TIME = '2026-01-02T03:04:05Z';

function podFixture(body: object, status?: object): Fixture {
  return { path: '/api/v1/namespaces/shop/pods', body, ...(status === undefined ? {} : { status }) };
}

const CONDITIONS = [
  { type: 'Ready', status: 'True', lastTransitionTime: TIME },
  { type: 'ContainersReady', status: 'True', lastTransitionTime: TIME },
  { type: 'PodScheduled', status: 'True', lastTransitionTime: TIME },
];

function containerStatus(state: object, more: object = {}): object {
  return { name: 'c', image: 'nginx:1', imageID: 'nginx@sha256:1', ready: false, restartCount: 0, state, ...more };
}

/** Pods in every state that a table tells apart. */
export const POD_FIXTURES: readonly Fixture[] = [
  podFixture(pod('web', { nodeName: 'n1' }, { labels: { app: 'web', tier: 'front' }, annotations: { note: 'x' } }), {
    phase: 'Running',
    podIP: '10.1.0.5',
    podIPs: [{ ip: '10.1.0.5' }],
    hostIP: '192.0.2.1',
    hostIPs: [{ ip: '192.0.2.1' }],
    startTime: TIME,
    conditions: CONDITIONS,
    containerStatuses: [
      containerStatus(
        { running: { startedAt: TIME } },
        {
          ready: true,
          started: true,
          restartCount: 2,
          lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: TIME, finishedAt: TIME } },
        },
      ),
    ],
  }),
  podFixture(
    pod('db', {
      containers: [
        {
          name: 'c',
          image: 'db',
          command: ['db', '--port', '5432'],
          args: ['-v'],
          env: [
            { name: 'A', value: 'b' },
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ],
          resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } },
        },
      ],
    }),
  ),
  podFixture(pod('done', { nodeName: 'n2', restartPolicy: 'Never' }), {
    phase: 'Succeeded',
    containerStatuses: [
      containerStatus({ terminated: { exitCode: 0, reason: 'Completed', startedAt: TIME, finishedAt: TIME } }),
    ],
  }),
  podFixture(pod('failed', { nodeName: 'n1' }), {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'the node was low on memory',
  }),
  podFixture(pod('crash', { nodeName: 'n1' }), {
    phase: 'Running',
    containerStatuses: [
      containerStatus(
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        {
          restartCount: 7,
          lastState: {
            terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled', startedAt: TIME, finishedAt: TIME },
          },
        },
      ),
    ],
  }),
  podFixture(pod('exited', { nodeName: 'n1' }), {
    phase: 'Running',
    containerStatuses: [containerStatus({ terminated: { exitCode: 3, startedAt: TIME, finishedAt: TIME } })],
  }),
  podFixture(pod('killed', { nodeName: 'n1' }), {
    phase: 'Running',
    containerStatuses: [containerStatus({ terminated: { exitCode: 0, signal: 9, startedAt: TIME, finishedAt: TIME } })],
  }),
  podFixture(
    pod('init', {
      nodeName: 'n1',
      initContainers: [
        { name: 'first', image: 'i' },
        { name: 'second', image: 'i' },
      ],
    }),
    {
      phase: 'Pending',
      conditions: [{ type: 'Initialized', status: 'False', lastTransitionTime: TIME }],
      initContainerStatuses: [
        { ...containerStatus({ terminated: { exitCode: 0, startedAt: TIME, finishedAt: TIME } }), name: 'first' },
        { ...containerStatus({ running: { startedAt: TIME } }), name: 'second' },
      ],
      containerStatuses: [containerStatus({ waiting: { reason: 'PodInitializing' } })],
    },
  ),
  podFixture(pod('init-fails', { nodeName: 'n1', initContainers: [{ name: 'first', image: 'i' }] }), {
    phase: 'Pending',
    initContainerStatuses: [
      {
        ...containerStatus({ terminated: { exitCode: 4, startedAt: TIME, finishedAt: TIME } }, { restartCount: 1 }),
        name: 'first',
      },
    ],
  }),
  podFixture(pod('init-waits', { nodeName: 'n1', initContainers: [{ name: 'first', image: 'i' }] }), {
    phase: 'Pending',
    initContainerStatuses: [{ ...containerStatus({ waiting: { reason: 'ErrImagePull' } }), name: 'first' }],
  }),
  podFixture(
    pod('sidecar', { nodeName: 'n1', initContainers: [{ name: 'side', image: 'i', restartPolicy: 'Always' }] }),
    {
      phase: 'Running',
      conditions: CONDITIONS,
      initContainerStatuses: [
        { ...containerStatus({ running: { startedAt: TIME } }, { ready: true, started: true }), name: 'side' },
      ],
      containerStatuses: [containerStatus({ running: { startedAt: TIME } }, { ready: true, started: true })],
    },
  ),
  podFixture(pod('gated', { schedulingGates: [{ name: 'example.com/wait' }] })),
  podFixture(
    pod('gates', {
      nodeName: 'n1',
      readinessGates: [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }],
    }),
    {
      phase: 'Running',
      conditions: [...CONDITIONS, { type: 'example.com/a', status: 'True', lastTransitionTime: TIME }],
      nominatedNodeName: 'n2',
    },
  ),
];
