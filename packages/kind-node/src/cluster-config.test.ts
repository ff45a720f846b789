import { describe, expect, it } from 'vitest';
import { type ClusterConfig, renderConfig } from './cluster-config.ts';

describe('renderConfig', () => {
  it('is one control plane by default', () => {
    expect(JSON.parse(renderConfig({}))).toEqual({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: [{ role: 'control-plane' }],
    });
  });

  it('renders everything under the names of kind', () => {
    const config: ClusterConfig = {
      nodes: [
        {
          role: 'control-plane',
          labels: { zone: 'a' },
          extraPortMappings: [{ containerPort: 80, hostPort: 0, listenAddress: '127.0.0.1', protocol: 'TCP' }],
          kubeadmConfigPatches: [{ kind: 'ClusterConfiguration', controllerManager: { extraArgs: { v: '4' } } }],
        },
        { role: 'worker', image: 'example.com/node:1', extraMounts: [{ hostPath: '/srv', containerPath: '/srv' }] },
      ],
      networking: {
        ipFamily: 'dual',
        podSubnet: '10.8.0.0/16,fd00:8::/56',
        serviceSubnet: '10.9.0.0/16,fd00:9::/112',
        disableDefaultCNI: true,
        kubeProxyMode: 'nftables',
      },
      featureGates: { SomeGate: true },
      runtimeConfig: { 'api/alpha': 'true' },
      kubeadmConfigPatches: ['kind: InitConfiguration\n'],
      containerdConfigPatches: ['version = 2\n'],
    };
    expect(renderConfig(config)).toMatchInlineSnapshot(`
      "{
        "kind": "Cluster",
        "apiVersion": "kind.x-k8s.io/v1alpha4",
        "nodes": [
          {
            "role": "control-plane",
            "labels": {
              "zone": "a"
            },
            "extraPortMappings": [
              {
                "containerPort": 80,
                "hostPort": 0,
                "listenAddress": "127.0.0.1",
                "protocol": "TCP"
              }
            ],
            "kubeadmConfigPatches": [
              "{\\"kind\\":\\"ClusterConfiguration\\",\\"controllerManager\\":{\\"extraArgs\\":{\\"v\\":\\"4\\"}}}"
            ]
          },
          {
            "role": "worker",
            "image": "example.com/node:1",
            "extraMounts": [
              {
                "hostPath": "/srv",
                "containerPath": "/srv"
              }
            ]
          }
        ],
        "networking": {
          "ipFamily": "dual",
          "podSubnet": "10.8.0.0/16,fd00:8::/56",
          "serviceSubnet": "10.9.0.0/16,fd00:9::/112",
          "disableDefaultCNI": true,
          "kubeProxyMode": "nftables"
        },
        "kubeadmConfigPatches": [
          "kind: InitConfiguration\\n"
        ],
        "featureGates": {
          "SomeGate": true
        },
        "runtimeConfig": {
          "api/alpha": "true"
        },
        "containerdConfigPatches": [
          "version = 2\\n"
        ]
      }
      "
    `);
  });

  const worker = { role: 'worker' } as const;
  const controlPlane = { role: 'control-plane' } as const;
  it.each<{ path: string; config: ClusterConfig }>([
    { path: 'nodes has no control-plane', config: { nodes: [worker] } },
    { path: 'networking.podSubnet', config: { networking: { podSubnet: '10.8.0.0' } } },
    { path: 'networking.podSubnet', config: { networking: { podSubnet: '10.8.0.0/33' } } },
    { path: 'networking.serviceSubnet', config: { networking: { serviceSubnet: '10.9.0.0/16,' } } },
    { path: 'networking.apiServerAddress', config: { networking: { apiServerAddress: 'localhost' } } },
    { path: 'networking.apiServerPort', config: { networking: { apiServerPort: 65536 } } },
    {
      path: 'nodes[1].extraPortMappings[0].containerPort',
      config: { nodes: [controlPlane, { ...worker, extraPortMappings: [{ containerPort: 0 }] }] },
    },
    {
      path: 'nodes[0].extraMounts[0].containerPath',
      config: { nodes: [{ ...controlPlane, extraMounts: [{ hostPath: '/srv', containerPath: 'srv' }] }] },
    },
  ])('refuses $config by $path', ({ path, config }) => {
    expect(() => renderConfig(config)).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringContaining(path) }),
    );
  });
});
