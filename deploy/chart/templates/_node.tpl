{{/* The node's own paths, under the same names in the container: options, mounts and volumes of the agent and of the uninstall. */}}
{{- define "margay.nodePaths" -}}
- --cni-socket=/run/margay/cni.sock
- --cni-bin-dir={{ .Values.nodeAgent.cniBinDir }}
- --cni-conf-dir={{ .Values.nodeAgent.cniConfDir }}
- --state-dir=/var/lib/margay
{{- end }}

{{- define "margay.nodeMounts" -}}
- name: cni-bin
  mountPath: {{ .Values.nodeAgent.cniBinDir }}
- name: cni-conf
  mountPath: {{ .Values.nodeAgent.cniConfDir }}
- name: state
  mountPath: /var/lib/margay
- name: run
  mountPath: /run/margay
# Namespaces of pods that the runtime makes later are seen, too.
- name: netns
  mountPath: /run/netns
  mountPropagation: HostToContainer
{{- end }}

{{- define "margay.nodeVolumes" -}}
- name: cni-bin
  hostPath:
    path: {{ .Values.nodeAgent.cniBinDir }}
    type: DirectoryOrCreate
- name: cni-conf
  hostPath:
    path: {{ .Values.nodeAgent.cniConfDir }}
    type: DirectoryOrCreate
- name: state
  hostPath:
    path: /var/lib/margay
    type: DirectoryOrCreate
- name: run
  hostPath:
    path: /run/margay
    type: DirectoryOrCreate
- name: netns
  hostPath:
    path: /run/netns
    type: DirectoryOrCreate
{{- end }}
