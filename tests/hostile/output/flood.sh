# attack: yes
# verdict: output_limit
yes
