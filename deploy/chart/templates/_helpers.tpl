{{/* Labels that select pods. There is one Margay in a cluster, so they do not depend on the release. */}}
{{- define "margay.selector" -}}
app.kubernetes.io/name: margay
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "margay.labels" -}}
{{ include "margay.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Name, namespace and labels: dict "root" $ "name" … "component" … */}}
{{- define "margay.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "margay.labels" . | nindent 2 }}
{{- end }}

{{/* The same for objects without a namespace. */}}
{{- define "margay.clusterMetadata" -}}
name: {{ .name }}
labels:
  {{- include "margay.labels" . | nindent 2 }}
{{- end }}

{{- define "margay.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "margay.controlPlaneImage" -}}
image: {{ include "margay.image" (dict "root" . "repository" .Values.image.controlPlane.repository) }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "margay.nodeAgentImage" -}}
image: {{ include "margay.image" (dict "root" . "repository" .Values.image.nodeAgent.repository) }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "margay.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Environment that every container has. */}}
{{- define "margay.commonEnv" -}}
{{- with .Values.kubernetesApi.host }}
- name: KUBERNETES_SERVICE_HOST
  value: {{ . | quote }}
- name: KUBERNETES_SERVICE_PORT
  value: {{ $.Values.kubernetesApi.port | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Programs of the control-plane image need nothing of the machine. */}}
{{- define "margay.unprivileged" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{/* Where a service is found without cluster DNS and without kube-proxy: dict "root" $ "name" … "port" … */}}
{{- define "margay.address" -}}
kubernetes:///margay-{{ .name }}.{{ .root.Release.Namespace }}:{{ .port }}
{{- end }}

{{/* HOST of --metrics-listen. */}}
{{- define "margay.metricsHost" -}}
{{ ternary "$(HOST_IP)" "127.0.0.1" .Values.metrics.enabled }}
{{- end }}

{{/* What the kubelet asks: dict "root" $ "port" … */}}
{{- define "margay.probes" -}}
livenessProbe:
  httpGet:
    {{- include "margay.probeAddress" . | nindent 4 }}
    path: /healthz
  initialDelaySeconds: 10
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    {{- include "margay.probeAddress" . | nindent 4 }}
    path: /readyz
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
{{- end }}

{{- define "margay.probeAddress" -}}
{{- if not .root.Values.metrics.enabled }}
host: 127.0.0.1
{{- end }}
port: {{ .port }}
{{- end }}

{{/* How many of a service: dict "root" $ "name" … */}}
{{- define "margay.replicas" -}}
{{- $own := (index .root.Values .name).replicas -}}
{{- $wanted := kindIs "invalid" $own | ternary .root.Values.replicas $own -}}
{{- if eq (toString $wanted) "auto" -}}
{{- $nodes := (lookup "v1" "Node" "" "").items | default list -}}
{{- $able := 0 -}}
{{- range $nodes -}}
{{- if include "margay.mayRun" (dict "node" . "with" $.root.Values.controlPlane) -}}{{- $able = add $able 1 -}}{{- end -}}
{{- end -}}
{{- if empty $nodes -}}2{{- else -}}{{ max 1 (min 2 $able) }}{{- end -}}
{{- else -}}{{ int $wanted }}{{- end -}}
{{- end }}

{{/* Not empty if a node has the labels that nodeSelector names, and no taint that nothing tolerates. */}}
{{- define "margay.mayRun" -}}
{{- $node := .node -}}
{{- $ok := true -}}
{{- range $key, $value := .with.nodeSelector -}}
{{- if ne (toString $value) (index ($node.metadata.labels | default dict) $key | default "" | toString) -}}{{- $ok = false -}}{{- end -}}
{{- end -}}
{{- range $taint := $node.spec.taints | default list -}}
{{- $tolerated := eq $taint.effect "PreferNoSchedule" -}}
{{- /* These two pass: a lost or cordoned node comes back. */ -}}
{{- if has $taint.key (list "node.kubernetes.io/unreachable" "node.kubernetes.io/unschedulable") -}}{{- $tolerated = true -}}{{- end -}}
{{- range $.with.tolerations -}}
{{- $key := or (not .key) (eq .key $taint.key) -}}
{{- $value := or (eq (.operator | default "Equal") "Exists") (eq (.value | default "" | toString) ($taint.value | default "" | toString)) -}}
{{- $effect := or (not .effect) (eq .effect $taint.effect) -}}
{{- if and $key $value $effect -}}{{- $tolerated = true -}}{{- end -}}
{{- end -}}
{{- if not $tolerated -}}{{- $ok = false -}}{{- end -}}
{{- end -}}
{{- if $ok -}}yes{{- end -}}
{{- end }}
