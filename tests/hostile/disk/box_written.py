# attack: writing where compiled programs lie
# verdict: forbidden
open("/box/x", "w")
