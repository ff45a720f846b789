{{/* An account of a hook's programs: dict "root" $ "name" … "component" … "events" … "cluster" … "namespaced" … "policy" (when it is deleted) */}}
{{- define "margay.hookAccount" -}}
{{- $annotations := dict "helm.sh/hook" .events "helm.sh/hook-weight" "-10" "helm.sh/hook-delete-policy" (.policy | default "before-hook-creation,hook-succeeded") -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "margay.metadata" . | nindent 2 }}
  annotations:
    {{- toYaml $annotations | nindent 4 }}
{{- include "margay.rbac" (merge (dict "hook" $annotations) .) }}
{{- end }}

{{/* Annotations of a hook: dict "events" … "weight" … "policy" (when it is deleted) */}}
{{- define "margay.hook" -}}
helm.sh/hook: {{ .events }}
helm.sh/hook-weight: {{ .weight | quote }}
helm.sh/hook-delete-policy: {{ .policy | default "before-hook-creation,hook-succeeded" }}
# What it printed is shown when it fails.
helm.sh/hook-output-log-policy: hook-failed
{{- end }}

{{/* Where and how a hook's pod runs: as the services, before there is a network. */}}
{{- define "margay.hookPod" -}}
{{- include "margay.pullSecrets" . }}
hostNetwork: true
dnsPolicy: Default
restartPolicy: Never
priorityClassName: {{ .Values.controlPlane.priorityClassName }}
nodeSelector:
  {{- toYaml .Values.controlPlane.nodeSelector | nindent 2 }}
tolerations:
  {{- toYaml .Values.controlPlane.tolerations | nindent 2 }}
{{- end }}

{{/* A program of the control-plane image that does one thing. */}}
{{- define "margay.hookContainer" -}}
{{- include "margay.controlPlaneImage" . }}
resources:
  requests: { cpu: 10m, memory: 64Mi }
  limits: { memory: 256Mi }
{{ include "margay.unprivileged" . }}
{{- end }}

{{/* The manifests of Margay's kinds, as data of a ConfigMap. */}}
{{- define "margay.crdData" -}}
{{- range $path, $_ := .Files.Glob "crds/*.yaml" }}
{{ base $path }}: |
  {{- $.Files.Get $path | nindent 2 }}
{{- end }}
{{- end }}
