# attack: serial numbers of the machine
# verdict: forbidden runtime_error
print(open("/sys/class/dmi/id/product_uuid").read())
