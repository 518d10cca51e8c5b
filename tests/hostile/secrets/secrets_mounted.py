# attack: secrets that orchestrators mount
# verdict: runtime_error
open("/var/run/secrets/kubernetes.io/serviceaccount/token")
