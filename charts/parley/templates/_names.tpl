{{- define "parley.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 53 | trimSuffix "-" }}
{{- end }}

{{- define "parley.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trimSuffix "-" }}
{{- else if contains (include "parley.name" .) .Release.Name -}}
{{ .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name (include "parley.name" .) | trunc 53 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "parley.selector" -}}
app.kubernetes.io/name: {{ include "parley.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "parley.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "parley.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "parley.secret" -}}
{{ default (include "parley.fullname" .) .Values.control.existingSecret }}
{{- end }}

{{- define "parley.natsSecret" -}}
{{ default (include "parley.fullname" .) .Values.cluster.existingSecret }}
{{- end }}

{{- define "parley.baseURL" -}}
{{ default (printf "http://%s.%s:%v" (include "parley.fullname" .) .Release.Namespace .Values.service.port) .Values.cluster.baseURL }}
{{- end }}
