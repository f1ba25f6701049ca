package traffic

// Redacted stands where a secret stood.
const Redacted = "[redacted]"
