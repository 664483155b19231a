"""What happens when: polling, clocks, pools, rules, channels and the command line."""
