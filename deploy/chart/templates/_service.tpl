{{/*
One of the four services: account, Service, disruption budget, Deployment.
dict "root" $ "name" … "port" … "metricsPort" … "args" (list) "volumes" (list of name, mountPath and configMap) "annotations" (dict)
*/}}
{{- define "margay.service" -}}
{{- $root := .root -}}
{{- $name := printf "margay-%s" .name -}}
{{- $own := index $root.Values .name -}}
{{- $shared := $root.Values.controlPlane -}}
{{- $affinity := $shared.affinity | default dict -}}
{{- $meta := dict "root" $root "name" $name "component" .name -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "margay.metadata" $meta | nindent 2 }}
---
# Not for DNS: its EndpointSlices say where the ready processes are.
apiVersion: v1
kind: Service
metadata:
  {{- include "margay.metadata" $meta | nindent 2 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: false
  selector:
    {{- include "margay.selector" $meta | nindent 4 }}
  ports:
    - name: grpc
      port: {{ .port }}
      targetPort: grpc
    {{- if $root.Values.metrics.enabled }}
    - name: metrics
      port: {{ .metricsPort }}
      targetPort: metrics
    {{- end }}
{{- if $shared.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "margay.metadata" $meta | nindent 2 }}
spec:
  maxUnavailable: {{ $shared.podDisruptionBudget.maxUnavailable }}
  # A pod that does not work protects nothing.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "margay.selector" $meta | nindent 6 }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "margay.metadata" $meta | nindent 2 }}
spec:
  replicas: {{ include "margay.replicas" . }}
  revisionHistoryLimit: 3
  # The ports are the node's: the old pod has to go before the new one can start.
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 0
      maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "margay.selector" $meta | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "margay.selector" $meta | nindent 8 }}
        {{- with $shared.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with merge (dict) (.annotations | default dict) ($shared.podAnnotations | default dict) }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      {{- include "margay.pullSecrets" $root | nindent 6 }}
      hostNetwork: true
      dnsPolicy: Default
      priorityClassName: {{ $shared.priorityClassName }}
      terminationGracePeriodSeconds: 10
      nodeSelector:
        {{- toYaml $shared.nodeSelector | nindent 8 }}
      tolerations:
        {{- toYaml $shared.tolerations | nindent 8 }}
      affinity:
        {{- if not (hasKey $affinity "podAntiAffinity") }}
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  {{- include "margay.selector" $meta | nindent 18 }}
        {{- end }}
        {{- with $affinity }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      containers:
        - name: {{ .name }}
          {{- include "margay.controlPlaneImage" $root | nindent 10 }}
          args:
            - {{ .name }}.js
            - --listen=$(HOST_IP):{{ .port }}
            - --metrics-listen={{ include "margay.metricsHost" $root }}:{{ .metricsPort }}
            - --log-level={{ $own.logLevel | default $root.Values.logLevel }}
            {{- range .args }}
            - {{ . }}
            {{- end }}
          env:
            - name: HOST_IP
              valueFrom:
                fieldRef:
                  fieldPath: status.hostIP
            {{- include "margay.commonEnv" $root | nindent 12 }}
            {{- with $own.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: grpc
              containerPort: {{ .port }}
              hostPort: {{ .port }}
            - name: metrics
              containerPort: {{ .metricsPort }}
              hostPort: {{ .metricsPort }}
          {{- include "margay.probes" (dict "root" $root "port" .metricsPort) | nindent 10 }}
          resources:
            {{- toYaml $own.resources | nindent 12 }}
          {{- include "margay.unprivileged" $root | nindent 10 }}
          {{- with .volumes }}
          volumeMounts:
            {{- range . }}
            - name: {{ .name }}
              mountPath: {{ .mountPath }}
              readOnly: true
            {{- end }}
          {{- end }}
      {{- with .volumes }}
      volumes:
        {{- range . }}
        - name: {{ .name }}
          configMap:
            name: {{ .configMap }}
        {{- end }}
      {{- end }}
{{- end }}

{{/* What an account may do: dict "root" $ "name" … "component" … "cluster" (YAML rules or "") "namespaced" (the same) "hook" (annotations or nothing) */}}
{{- define "margay.rbac" -}}
{{- range $scope := list "cluster" "namespaced" }}
{{- $rules := index $ $scope }}
{{- if $rules }}
{{- $prefix := eq $scope "cluster" | ternary "Cluster" "" }}
{{- range $kind := list "Role" "RoleBinding" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $prefix }}{{ $kind }}
metadata:
  {{- include (eq $scope "cluster" | ternary "margay.clusterMetadata" "margay.metadata") $ | nindent 2 }}
  {{- with $.hook }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- if eq $kind "Role" }}
rules:
  {{- $rules | nindent 2 }}
{{- else }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $prefix }}Role
  name: {{ $.name }}
subjects:
  - kind: ServiceAccount
    name: {{ $.name }}
    namespace: {{ $.root.Release.Namespace }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
