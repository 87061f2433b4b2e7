{{/*
Everything one service of ours is in the cluster: Deployment, Service, ServiceAccount, PodDisruptionBudget and, when
wanted, HorizontalPodAutoscaler. Takes root, name, values (its part of values.yaml), command, ports (name → number),
env (a list as text), database (whether it keeps data); grpc services are headless, since one HTTP/2 connection through
a cluster address would pin all calls to one pod.
*/}}
{{- define "daybook.workload" -}}
{{- $root := .root -}}
{{- $fullname := printf "%s-%s" (include "daybook.fullname" $root) .name -}}
{{- $values := .values -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $fullname }}
  labels:
    {{- include "daybook.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
{{- if ne .name "gateway" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}
  labels:
    {{- include "daybook.labels" . | nindent 4 }}
spec:
  {{- if $root.Values.clusterDNS }}
  clusterIP: None
  {{- end }}
  selector:
    {{- include "daybook.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - name: {{ $name }}
      port: {{ $port }}
      targetPort: {{ $name }}
    {{- end }}
---
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $fullname }}
  labels:
    {{- include "daybook.labels" . | nindent 4 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "daybook.selector" . | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  template:
    metadata:
      labels:
        {{- include "daybook.labels" . | nindent 8 }}
      {{- if or $root.Values.metrics.annotations $values.podAnnotations }}
      annotations:
        {{- if $root.Values.metrics.annotations }}
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090"
        prometheus.io/path: /metrics
        {{- end }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
    spec:
      serviceAccountName: {{ $fullname }}
      automountServiceAccountToken: false
      {{- include "daybook.pullSecrets" $root | nindent 6 }}
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      {{- with $values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      securityContext:
        {{- include "daybook.podSecurity" 10001 | nindent 8 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "daybook.selector" . | nindent 14 }}
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "daybook.selector" . | nindent 14 }}
      {{- with $values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ include "daybook.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          # A small young generation costs no speed here and keeps a loaded process a hundred megabytes smaller.
          command: [node, --max-semi-space-size=4, {{ .command | quote }}]
          securityContext:
            {{- include "daybook.containerSecurity" . | nindent 12 }}
          env:
            - name: ADMIN_PORT
              value: "9090"
            - name: DRAIN_DELAY_MS
              value: {{ $root.Values.drainDelayMs | quote }}
            {{- if ne .name "gateway" }}
            - name: DRAIN_CALLERS_MS
              value: {{ $root.Values.drainCallersMs | quote }}
            {{- end }}
            {{- include "daybook.commonEnv" $root | nindent 12 }}
            {{- include "daybook.tracingEnv" $root | nindent 12 }}
            {{- .env | nindent 12 }}
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            {{- range $name, $port := .ports }}
            - name: {{ $name }}
              containerPort: {{ $port }}
            {{- end }}
            - name: admin
              containerPort: 9090
          # Up: the process answers at all; it may wait for its schema first. Alive: the event loop turns, whatever else is
          # away. Ready: everything this pod needs to answer is there, and it is not on its way out.
          startupProbe:
            httpGet: { path: /livez, port: admin }
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 90
          livenessProbe:
            httpGet: { path: /livez, port: admin }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /readyz, port: admin }
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 2
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "daybook.mounts" . | nindent 12 }}
      volumes:
        {{- include "daybook.volumes" . | nindent 8 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $fullname }}
  labels:
    {{- include "daybook.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "daybook.selector" . | nindent 6 }}
{{- if $values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $fullname }}
  labels:
    {{- include "daybook.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $fullname }}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end -}}
