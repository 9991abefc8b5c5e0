{{/* All objects of one service. Takes root, services, name and service. */}}
{{- define "parley.service" -}}
{{- $of := dict "root" .root "component" .name -}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
data:
  {{- include "parley.settings" . | nindent 2 }}
---
{{ include "parley.deployment" . }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
spec:
  {{- if not (int .service.httpPort) }}
  # Without an address of its own: callers see every replica and take turns (ADR 27).
  clusterIP: None
  {{- end }}
  selector:
    {{- include "parley.selector" $of | nindent 4 }}
  ports:
    {{- range include "parley.ports" .service | fromYamlArray }}
    - name: {{ .name }}
      port: {{ int .port }}
      targetPort: {{ .name }}
    {{- end }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
spec:
  maxUnavailable: {{ int .service.maxUnavailable }}
  # A pod that is not ready serves nobody; draining its node must not wait for it.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "parley.selector" $of | nindent 6 }}
{{- if .service.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "parley.fullname" .root }}-{{ .name }}
  minReplicas: {{ int .service.autoscaling.minReplicas }}
  maxReplicas: {{ int .service.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ int .service.autoscaling.targetCPU }}
  behavior:
    # Every change moves partitions between consumers: quick to grow, slow to shrink.
    scaleDown:
      stabilizationWindowSeconds: 600
      policies:
        - { type: Pods, value: 1, periodSeconds: 120 }
{{- end }}
{{- if .root.Values.networkPolicy.enabled }}
---
{{ include "parley.networkPolicy" . }}
{{- end }}
{{- end -}}

{{- define "parley.deployment" -}}
{{- $of := dict "root" .root "component" .name -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "parley.metadata" $of | nindent 2 }}
spec:
  {{- if not .service.autoscaling.enabled }}
  replicas: {{ int .service.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  minReadySeconds: {{ int .service.minReadySeconds }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels:
      {{- include "parley.selector" $of | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "parley.labels" $of | nindent 8 }}
        {{- with .service.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # New settings, new pods.
        parley.dev/settings: {{ include "parley.settings" . | sha256sum | trunc 16 }}
        {{- with .service.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "parley.fullname" .root }}-{{ .name }}
      {{- include "parley.podSecurity" .root | nindent 6 }}
      terminationGracePeriodSeconds: {{ int .service.terminationGracePeriodSeconds }}
      {{- with .service.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      topologySpreadConstraints:
        {{- include "parley.spread" . | trim | nindent 8 }}
      containers:
        - {{- include "parley.container" . | trim | nindent 10 }}
      volumes:
        {{- include "parley.volumes" . | nindent 8 }}
      {{- range $field := list "nodeSelector" "tolerations" "affinity" }}
      {{- with get $.service $field }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
{{- end -}}

{{- define "parley.container" -}}
name: {{ .name }}
image: {{ include "parley.image" (dict "root" .root "name" .name "image" .service.image) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{ include "parley.containerSecurity" . }}
envFrom:
  - configMapRef:
      name: {{ include "parley.fullname" .root }}-{{ .name }}
{{- with include "parley.secretEnv" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
ports:
  {{- range include "parley.ports" .service | fromYamlArray }}
  - { name: {{ .name }}, containerPort: {{ int .port }} }
  {{- end }}
{{ include "parley.probes" .service }}
{{- if int .service.preStopSeconds }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ int .service.preStopSeconds }}
{{- end }}
resources:
  {{- toYaml .service.resources | nindent 2 }}
volumeMounts:
  {{- include "parley.volumeMounts" . | nindent 2 }}
{{- end -}}
